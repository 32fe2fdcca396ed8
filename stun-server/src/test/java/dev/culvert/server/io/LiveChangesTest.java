package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a running server does with another configuration. */
class LiveChangesTest {
    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static ServerConfigs udp() {
        return ServerConfigs.listening(Transport.UDP, "127.0.0.1");
    }

    @Test
    void anotherRateHoldsAtOnce() throws Exception {
        try (TestServer server = new TestServer(vertx, udp().build());
                UdpClient client = new UdpClient("127.0.0.1")) {
            TransportAddress address = server.only(Transport.UDP);
            ask(client, address);

            server.server().reload(udp().rate(1, 1).build());
            ask(client, address);
            client.send(StunBytes.bindingRequest(), address);
            await().untilAsserted(() -> assertThat(server.server().counters().value(Counter.RATE_LIMITED))
                    .isEqualTo(1));
            server.server().reload(udp().build());
            ask(client, address);
        }
    }

    private static void ask(UdpClient client, TransportAddress server) throws IOException {
        client.send(StunBytes.bindingRequest(), server);
        assertThat(client.receive().message().has(XorMappedAddress.TYPE)).isTrue();
    }

    @Test
    void lowerCapsAndShorterTimesHoldForNewConnectionsAndTheOldGoOn() throws Exception {
        try (TestServer server = new TestServer(vertx, tcp(2, Duration.ofMinutes(1)))) {
            TransportAddress address = server.only(Transport.TCP);
            try (StreamClient first = StreamClient.connect(Transport.TCP, address)) {
                ask(first);

                server.server().reload(tcp(1, Duration.ofMillis(200)));

                try (StreamClient refused = StreamClient.connect(Transport.TCP, address)) {
                    assertThat(refused.isClosedByServer()).isTrue();
                }
                server.server().reload(tcp(2, Duration.ofMillis(200)));
                try (StreamClient idle = StreamClient.connect(Transport.TCP, address)) {
                    ask(idle);
                    assertThat(idle.isClosedByServer()).isTrue();
                }
                ask(first);
                assertThat(server.server().connections()).isEqualTo(1);
            }
        }
    }

    private static void ask(StreamClient client) throws IOException {
        client.send(StunBytes.bindingRequest());
        assertThat(client.receive().has(XorMappedAddress.TYPE)).isTrue();
    }

    private static ServerConfig tcp(int maxConnections, Duration idleTimeout) {
        return ServerConfigs.listening(Transport.TCP, "127.0.0.1")
                .connections(new ConnectionLimits(
                        maxConnections, maxConnections, idleTimeout, Duration.ofSeconds(10), false))
                .build();
    }
}
