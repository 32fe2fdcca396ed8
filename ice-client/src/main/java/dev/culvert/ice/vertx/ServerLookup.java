package dev.culvert.ice.vertx;

import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Finds out where a server listens. */
@FunctionalInterface
public interface ServerLookup {
    /** The addresses of the server, the preferred first; fails with a {@link NetworkException}. */
    Future<List<TransportAddress>> find(Vertx vertx, StunUri uri);

    /** By the addresses of the host's name alone, and the port of the URI. */
    static ServerLookup byName() {
        return (vertx, uri) -> Names.resolve(vertx, uri.host())
                .map(ips -> ips.stream()
                        .map(ip -> new TransportAddress(ip, uri.port()))
                        .toList());
    }
}
