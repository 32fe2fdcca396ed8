package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a running server tells of its listeners and of itself. */
class ListenerTrafficTest {
    private static Vertx vertx;
    private static TestCertificate certificate;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        certificate = TestCertificate.named("stun.example.org", folder);
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static TestServer start() {
        return new TestServer(
                vertx,
                ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                        .andListening(Transport.TCP, "127.0.0.1", 0)
                        .andListening(Transport.TLS, "127.0.0.1", 0)
                        .identity(certificate.certificateFile(), certificate.keyFile())
                        .threads(2)
                        .build());
    }

    private static List<Long> counts(TestServer server, Transport transport) {
        String text = transport.name().toLowerCase(Locale.ROOT) + ":127.0.0.1:0";
        Counters<ListenerCounter> counters =
                Objects.requireNonNull(server.server().traffic().get(new ListenerName(transport, text)));
        return Arrays.stream(ListenerCounter.values()).map(counters::value).toList();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyListenerCountsWhatItsClientsSendAndGet(Transport transport) throws Exception {
        try (TestServer server = start()) {
            byte[] request = StunBytes.bindingRequest();
            TransportAddress address = server.only(transport);
            int answerBytes =
                    transport == Transport.UDP ? byUdp(address, request) : byStream(transport, address, request);

            // The numbers are another thread's.
            await().untilAsserted(() -> assertThat(counts(server, transport))
                    .containsExactly(1L, (long) request.length, 1L, (long) answerBytes));
            for (Transport other : Transport.values()) {
                if (other != transport) {
                    assertThat(counts(server, other)).containsOnly(0L);
                }
            }
        }
    }

    private static int byUdp(TransportAddress server, byte[] request) throws Exception {
        try (UdpClient client = new UdpClient("127.0.0.1")) {
            client.send(request, server);
            return client.receive().bytes().length;
        }
    }

    private static int byStream(Transport transport, TransportAddress server, byte[] request) throws Exception {
        try (StreamClient client = StreamClient.connect(transport, server)) {
            client.send(request);
            return client.receive().lengthBytes();
        }
    }

    @Test
    void aServerTellsHowItsLoopsAndItsCertificatesAre() {
        try (TestServer server = start()) {
            await().untilAsserted(() -> assertThat(server.server().vitals().loopLags())
                    .hasSize(2)
                    .allSatisfy(lags -> assertThat(lags.count()).isPositive()));

            Vitals vitals = server.server().vitals();

            assertThat(vitals.recentLagNanos())
                    .hasSize(2)
                    .allSatisfy(lag -> assertThat(lag).isNotNegative());
            assertThat(vitals.directMemoryBytes()).isNotNegative();
            assertThat(vitals.certificateExpiry()).containsOnlyKeys(certificate.certificateFile());
            Instant expiry = Instant.ofEpochSecond(
                    vitals.certificateExpiry().values().iterator().next());
            assertThat(expiry)
                    .isBetween(
                            Instant.now().plus(29, ChronoUnit.DAYS),
                            Instant.now().plus(30, ChronoUnit.DAYS));
        }
    }
}
