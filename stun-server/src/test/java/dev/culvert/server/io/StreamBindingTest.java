package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Rfc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StreamBindingTest {
    private static Vertx vertx;

    private static TestCertificate one;

    private static TestCertificate two;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        one = TestCertificate.named("one.example.org", folder);
        two = TestCertificate.named("two.example.org", folder);
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static ServerConfigs listening(Transport transport, String ip) {
        return ServerConfigs.listening(transport, ip)
                .threads(2)
                .identity(one.certificateFile(), one.keyFile())
                .identity(two.certificateFile(), two.keyFile());
    }

    private static ServerConfigs listening(Transport transport) {
        return listening(transport, "127.0.0.1");
    }

    private static ConnectionLimits limits(int max, int maxPerPrefix, long idleMillis, long handshakeMillis) {
        return new ConnectionLimits(
                max, maxPerPrefix, Duration.ofMillis(idleMillis), Duration.ofMillis(handshakeMillis), false);
    }

    @ParameterizedTest
    @CsvSource({"TCP,127.0.0.1", "TCP,::1", "TLS,127.0.0.1", "TLS,::1"})
    @Rfc({"8489#6.3.1.1 (3)", "8489#6.3.1.2 (2)", "8489#12 (1)"})
    void clientLearnsItsAddressOverItsConnection(Transport transport, String ip) throws Exception {
        try (TestServer server = new TestServer(vertx, listening(transport, ip).build())) {
            // More connections than event loops, so that each serves some.
            for (int i = 0; i < 4; i++) {
                try (StreamClient client = StreamClient.connect(transport, server.only(transport))) {
                    client.send(StunBytes.bindingRequest());

                    assertThat(client.receive().get(XorMappedAddress.TYPE))
                            .contains(new XorMappedAddress(client.local()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    @Rfc("8489#6.2.2 (1)")
    void severalRequestsOfOneConnectionAreAnsweredHoweverTheyAreCut(Transport transport) throws Exception {
        try (TestServer server = new TestServer(vertx, listening(transport).build());
                StreamClient client = StreamClient.connect(transport, server.only(transport))) {
            byte[] request = StunBytes.bindingRequest();

            for (byte each : request) {
                client.send(new byte[] {each});
            }
            client.send(StunBytes.concat(request, request, request));

            for (int i = 0; i < 4; i++) {
                assertThat(client.receive().is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING))
                        .isTrue();
            }
        }
    }

    @Test
    @Rfc("5780#6 (2)")
    void changeRequestOverTcpIsUnknown() throws Exception {
        ServerConfig config = listening(Transport.TCP)
                .andListening(Transport.UDP, "127.0.0.1", 0)
                .alternate("127.0.0.2")
                .build();
        try (TestServer server = new TestServer(vertx, config);
                StreamClient client = StreamClient.connect(Transport.TCP, server.only(Transport.TCP))) {
            client.send(StunBytes.bindingRequest(new ChangeRequest(true, true)));

            assertThat(client.receive().get(ErrorCode.TYPE)).contains(new ErrorCode(420, ""));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    void badFrameClosesItsConnectionAndNoOther(Transport transport) throws Exception {
        try (TestServer server = new TestServer(vertx, listening(transport).build());
                StreamClient bad = StreamClient.connect(transport, server.only(transport));
                StreamClient good = StreamClient.connect(transport, server.only(transport))) {
            bad.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(bad.isClosedByServer()).isTrue();
            good.send(StunBytes.bindingRequest());
            assertThat(good.receive().has(XorMappedAddress.TYPE)).isTrue();
            assertThat(server.server().counters(transport).value(Counter.BAD_FRAMES))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    @Rfc("8489#6.2.2 (3)")
    void requestBeforeABadFrameIsAnsweredBeforeTheEnd(Transport transport) throws Exception {
        try (TestServer server = new TestServer(vertx, listening(transport).build());
                StreamClient client = StreamClient.connect(transport, server.only(transport))) {
            byte[] request = StunBytes.bindingRequest();

            client.send(StunBytes.concat(request, new byte[] {(byte) 0xFF}, request));

            assertThat(client.receive().has(XorMappedAddress.TYPE)).isTrue();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    @Rfc("8489#6.2.2 (2)")
    void silentConnectionIsClosedAtTheIdleTimeout(Transport transport) throws Exception {
        ServerConfig config =
                listening(transport).connections(limits(10, 10, 2_500, 5_000)).build();
        try (TestServer server = new TestServer(vertx, config);
                StreamClient client = StreamClient.connect(transport, server.only(transport))) {
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Rfc("8489#6.2.2 (4)")
    void connectionsAreCappedPerPrefixAndInAll() throws Exception {
        ServerConfig config = listening(Transport.TCP)
                .connections(limits(3, 2, 60_000, 5_000))
                .build();
        List<StreamClient> clients = new ArrayList<>();
        try (TestServer server = new TestServer(vertx, config)) {
            TransportAddress address = server.only(Transport.TCP);
            clients.add(served("127.0.0.1", address));
            clients.add(served("127.0.0.77", address));
            assertThat(isRefused("127.0.0.2", address)).isTrue();
            clients.add(served("127.0.1.1", address));
            assertThat(isRefused("127.0.2.1", address)).isTrue();

            clients.remove(0).close();

            await().untilAsserted(
                            () -> assertThat(isRefused("127.0.2.1", address)).isFalse());
        } finally {
            for (StreamClient client : clients) {
                client.close();
            }
        }
    }

    private static StreamClient served(String from, TransportAddress server) throws IOException {
        StreamClient client = StreamClient.connectFrom(from, server);
        client.send(StunBytes.bindingRequest());
        client.receive();
        return client;
    }

    private static boolean isRefused(String from, TransportAddress server) {
        try {
            served(from, server).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void portThatSomeoneHoldsIsAnErrorThatNamesIt() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                    .andListening(Transport.TCP, "127.0.0.1", holder.getLocalPort())
                    .build();

            assertThatThrownBy(() -> StunServer.start(vertx, config).await())
                    .isInstanceOf(BindFailedException.class)
                    .hasMessageContaining("tcp 127.0.0.1:" + holder.getLocalPort());
        }
    }

    @Test
    @Rfc("8489#6.2.2 (2)")
    void drainWaitsForOpenConnectionsAndTakesNoNewOnes() throws Exception {
        try (TestServer server = new TestServer(vertx, listening(Transport.TCP).build())) {
            TransportAddress address = server.only(Transport.TCP);
            Future<Void> drained;
            try (StreamClient open = served("127.0.0.1", address)) {
                drained = server.server().drain();

                assertThat(server.server().isReady()).isFalse();
                assertThat(isRefused("127.0.0.1", address)).isTrue();
                open.send(StunBytes.bindingRequest());
                assertThat(open.receive().has(XorMappedAddress.TYPE)).isTrue();
                assertThat(drained.isComplete()).isFalse();
            }
            await().until(drained::isComplete);
        }
    }
}
