package dev.culvert.server.io;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * One UDP socket per shard on the same address and port.
 *
 * @param listening where
 * @param shards those with a socket there
 */
record UdpListener(Listening listening, List<Shard> shards) implements OpenListener {
    /** Opens all sockets, or none. */
    static Future<OpenListener> open(List<Shard> shards, Listening where) {
        List<Future<Void>> openings = new ArrayList<>();
        for (Shard shard : shards) {
            openings.add(shard.open(where.address()));
        }
        UdpListener listener = new UdpListener(where, shards);
        return Future.join(openings)
                .<OpenListener>map(listener)
                .recover(failure -> listener.close()
                        .transform(closed -> Future.failedFuture(
                                new BindFailedException(where.transport(), where.address(), failure))));
    }

    @Override
    public Future<Void> close() {
        return Future.join(shards.stream()
                        .map(shard -> shard.close(listening.address()))
                        .toList())
                .mapEmpty();
    }
}
