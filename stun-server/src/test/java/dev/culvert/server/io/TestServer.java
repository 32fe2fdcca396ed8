package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;

/** A running server that a test closes. */
final class TestServer implements AutoCloseable {
    private final StunServer server;

    TestServer(Vertx vertx, ServerConfig config) {
        server = StunServer.start(vertx, config).await();
    }

    StunServer server() {
        return server;
    }

    /** The first place where the server listens with {@code transport}. */
    TransportAddress only(Transport transport) {
        return server.listening().stream()
                .filter(where -> where.transport() == transport)
                .findFirst()
                .orElseThrow()
                .address();
    }

    @Override
    public void close() {
        server.close().await();
    }
}
