package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.junit.jupiter.api.Test;

/** The packaged jar with its layer for Java 22. */
class FastUdpIT {
    private static final int OLDEST_JAVA = 22;

    @Test
    void newerJavaDrivesTheSocketsItself() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (TestServer server = new TestServer(
                vertx, ServerConfigs.listening(Transport.UDP, "127.0.0.1").build())) {
            String expected = Runtime.version().feature() >= OLDEST_JAVA ? "epoll with recvmmsg and sendmmsg" : "epoll";
            assertThat(server.server().transportName()).isEqualTo(expected);
        } finally {
            vertx.close().await();
        }
    }
}
