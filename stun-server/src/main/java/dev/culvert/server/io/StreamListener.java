package dev.culvert.server.io;

import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One TCP or TLS server per event loop on the same address and port, among which Vert.x deals out the connections.
 *
 * @param listening where
 * @param servers those that are open
 */
record StreamListener(Listening listening, List<NetServer> servers) implements OpenListener {
    /** Opens all servers, or none. */
    static Future<OpenListener> open(List<StreamShard> shards, Listening where) {
        List<Future<NetServer>> openings = new ArrayList<>();
        for (StreamShard shard : shards) {
            if (shard.transport() == where.transport()) {
                openings.add(shard.open(where.address()));
            }
        }
        return Future.join(openings).transform(joined -> {
            List<NetServer> servers = openings.stream()
                    .map(Future::result)
                    .filter(Objects::nonNull)
                    .toList();
            StreamListener listener = new StreamListener(where, servers);
            if (joined.succeeded()) {
                return Future.<OpenListener>succeededFuture(listener);
            }
            BindFailedException failure = new BindFailedException(where.transport(), where.address(), joined.cause());
            return listener.close().transform(closed -> Future.failedFuture(failure));
        });
    }

    @Override
    public Future<Void> close() {
        return Future.join(servers.stream().map(NetServer::close).toList()).mapEmpty();
    }
}
