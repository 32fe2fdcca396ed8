package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.Resolver;
import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Finds where the servers of one gathering listen. To be used on its event loop. */
final class GatherServers {
    private final Vertx vertx;
    private final IceGatheringOptions options;
    private final Resolver resolver;

    GatherServers(Vertx vertx, IceGatheringOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.resolver = options.resolver().apply(vertx);
    }

    /** The addresses of the server with this place in the options, in the order in which they shall be tried. */
    Future<List<TransportAddress>> find(int server) {
        // Each entry is one way to a server: of the services that its URI may mean, that over its transport counts.
        return ServerLookUp.resolve(
                        vertx,
                        options.uris().get(server),
                        List.of(options.gather().servers().get(server).transport()),
                        resolver)
                .map(attempts -> attempts.stream().map(ServerAttempt::address).toList());
    }
}
