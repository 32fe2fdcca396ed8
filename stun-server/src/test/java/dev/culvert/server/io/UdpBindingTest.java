package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Rfc;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpBindingTest {
    private static Vertx vertx;

    @BeforeAll
    static void openLoops() {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
    }

    @AfterAll
    static void closeLoops() {
        vertx.close().await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
    @Rfc({"8489#6.3.1.1 (3)", "8489#6.3.1.2 (1)"})
    void clientLearnsItsAddressFromTheAddressThatItAsked(String ip) throws Exception {
        try (TestServer server = new TestServer(
                        vertx, ServerConfigs.listening(Transport.UDP, ip).build());
                UdpClient client = new UdpClient(ip)) {
            TransportAddress asked = server.only(Transport.UDP);

            client.send(StunBytes.bindingRequest(), asked);

            UdpClient.Received answer = client.receive();
            assertThat(answer.from()).isEqualTo(asked);
            StunMessage message = answer.message();
            assertThat(message.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING))
                    .isTrue();
            assertThat(message.get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(client.local()));
        }
    }

    @Test
    void everyEventLoopAnswersOnTheSamePort() throws Exception {
        ServerConfig config =
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").threads(2).build();
        try (TestServer server = new TestServer(vertx, config)) {
            for (int i = 0; i < 32; i++) {
                try (UdpClient client = new UdpClient("127.0.0.1")) {
                    client.send(StunBytes.bindingRequest(), server.only(Transport.UDP));

                    assertThat(client.receive().message().has(XorMappedAddress.TYPE))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Rfc({"5780#6 (1)", "5780#6.1 (2)", "3489#8.1 (1)"})
    void changedAnswersLeaveFromTheOtherThreeSockets(boolean changeIp) throws Exception {
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .alternate("127.0.0.2")
                .threads(2)
                .build();
        try (TestServer server = new TestServer(vertx, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            TransportAddress primary = server.server().quartets().get(0).primary();
            TransportAddress alternate = server.server().quartets().get(0).alternate();

            client.send(StunBytes.bindingRequest(new ChangeRequest(changeIp, true)), primary);

            UdpClient.Received answer = client.receive();
            assertThat(answer.from())
                    .isEqualTo(new TransportAddress((changeIp ? alternate : primary).ip(), alternate.port()));
            assertThat(answer.message().get(OtherAddress.TYPE)).contains(new OtherAddress(alternate));
            assertThat(server.server().listening()).hasSize(4);
        }
    }

    @Test
    void portThatSomeoneHoldsIsAnErrorThatNamesIt() throws Exception {
        try (DatagramSocket holder = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            ServerConfig config = new ServerConfigs()
                    .andListening(Transport.UDP, "127.0.0.1", holder.getLocalPort())
                    .build();

            assertThatThrownBy(() -> StunServer.start(vertx, config).await())
                    .isInstanceOf(BindFailedException.class)
                    .hasMessageContaining("udp 127.0.0.1:" + holder.getLocalPort());
        }
    }

    @Test
    void secondServerOnThePortIsAnError() throws Exception {
        try (TestServer first = new TestServer(
                vertx, ServerConfigs.listening(Transport.UDP, "127.0.0.1").build())) {
            int port = first.only(Transport.UDP).port();
            ServerConfig same = new ServerConfigs()
                    .andListening(Transport.UDP, "127.0.0.1", port)
                    .build();

            assertThatThrownBy(() -> StunServer.start(vertx, same).await()).isInstanceOf(BindFailedException.class);
        }
    }

    @Test
    void wildcardListensOnEveryConcreteAddress() throws Exception {
        ServerConfig config =
                new ServerConfigs().andListeningEverywhere(Transport.UDP, 0).build();
        try (TestServer server = new TestServer(vertx, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            assertThat(server.server().listening())
                    .allSatisfy(where -> assertThat(
                                    where.address().ip().toInetAddress().isAnyLocalAddress())
                            .isFalse())
                    .anySatisfy(
                            where -> assertThat(where.address().ip().toString()).isEqualTo("127.0.0.1"));
            TransportAddress loopback = server.server().listening().stream()
                    .map(Listening::address)
                    .filter(address -> address.ip().toString().equals("127.0.0.1"))
                    .findFirst()
                    .orElseThrow();

            client.send(StunBytes.bindingRequest(), loopback);

            assertThat(client.receive().from()).isEqualTo(loopback);
        }
    }

    @Test
    void closedServerFreesItsPort() throws Exception {
        TestServer first = new TestServer(
                vertx,
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").threads(2).build());
        int port = first.only(Transport.UDP).port();
        first.close();

        new DatagramSocket(port, InetAddress.getByName("127.0.0.1")).close();

        assertThat(first.server().isReady()).isFalse();
    }

    @Test
    void burstOfMixedRequestsIsAnsweredInOrderAndInFull() throws Exception {
        ServerConfig config =
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").build();
        try (TestServer server = new TestServer(vertx, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            List<byte[]> requests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                // Answers of three lengths, in runs and alone, so that trains begin and end everywhere.
                requests.add(
                        i % 7 == 3
                                ? StunBytes.bindingRequest(new ChangeRequest(true, true))
                                : i % 31 == 5
                                        ? StunBytes.bindingRequest(new ChangeRequest(true, true), new Padding(8))
                                        : StunBytes.bindingRequest());
            }

            for (byte[] request : requests) {
                client.send(request, server.only(Transport.UDP));
            }

            for (byte[] request : requests) {
                assertThat(StunBytes.isAnswer(client.receive().bytes(), request))
                        .isTrue();
            }
            assertThat(server.server().counters().value(Counter.SEND_FAILURES)).isZero();
        }
    }

    @Test
    @Rfc("5780#6.1 (5)")
    void datagramAsLargeAsUdpCarriesIsReadAndAnsweredWhole() throws Exception {
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .alternate("127.0.0.2")
                .build();
        try (TestServer server = new TestServer(vertx, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            byte[] request = StunBytes.bindingRequest(new Padding(65_400));

            client.send(request, server.only(Transport.UDP));

            assertThat(client.receive().message().get(Padding.TYPE)).contains(new Padding(65_344));
        }
    }

    @Test
    void rateLimitHoldsForAllEventLoopsTogether() throws Exception {
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .threads(2)
                .rate(1, 10)
                .build();
        try (TestServer server = new TestServer(vertx, config)) {
            for (int i = 0; i < 40; i++) {
                try (UdpClient client = new UdpClient("127.0.0." + (1 + i))) {
                    client.send(StunBytes.bindingRequest(), server.only(Transport.UDP));
                }
            }

            await().untilAsserted(() -> assertThat(server.server().counters().value(Counter.BINDING_REQUESTS))
                    .isEqualTo(40));
            assertThat(server.server().counters().value(Counter.BINDING_SUCCESSES))
                    .isBetween(10L, 20L);
        }
    }

    @Test
    void serverWithoutNativeTransportWorksToo() throws Exception {
        Vertx nio = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .alternate("127.0.0.2")
                .andListening(Transport.TCP, "127.0.0.1", 0)
                .threads(2)
                .build();
        try (TestServer server = new TestServer(nio, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            assertThat(server.server().transportName()).isEqualTo("nio");
            for (int i = 0; i < 100; i++) {
                client.send(StunBytes.bindingRequest(new ChangeRequest(true, false)), server.only(Transport.UDP));
                assertThat(client.receive().message().has(XorMappedAddress.TYPE))
                        .isTrue();
            }
        } finally {
            nio.close().await();
        }
    }

    @Test
    void nativeTransportIsActiveAndSaidSo() throws Exception {
        try (TestServer server = new TestServer(
                vertx, ServerConfigs.listening(Transport.UDP, "127.0.0.1").build())) {
            assertThat(server.server().transportName()).startsWith(vertx.isNativeTransportEnabled() ? "epoll" : "nio");
        }
    }
}
