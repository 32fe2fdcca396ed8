package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.Rfc;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What TLS adds to a connection. */
class TlsBindingTest {
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

    private static ServerConfigs listening() {
        return ServerConfigs.listening(Transport.TLS, "127.0.0.1")
                .threads(2)
                .identity(one.certificateFile(), one.keyFile())
                .identity(two.certificateFile(), two.keyFile());
    }

    @Test
    void unfinishedHandshakeIsClosedAtItsTimeoutAndCountsAsAConnection() throws Exception {
        ServerConfig config = listening()
                .connections(new ConnectionLimits(1, 1, Duration.ofMinutes(1), Duration.ofMillis(500), false))
                .build();
        try (TestServer server = new TestServer(vertx, config)) {
            TransportAddress address = server.only(Transport.TLS);
            try (StreamClient silent = StreamClient.connect(Transport.TCP, address);
                    StreamClient refused = StreamClient.connect(Transport.TCP, address)) {
                assertThat(refused.isClosedByServer()).isTrue();
                assertThat(silent.isClosedByServer()).isTrue();
                assertThat(server.server().counters().value(Counter.CONNECTIONS_REFUSED))
                        .isEqualTo(1);
                await().untilAsserted(
                                () -> assertThat(server.server().counters().value(Counter.TLS_HANDSHAKE_FAILURES))
                                        .isEqualTo(1));
            }
            await().untilAsserted(() -> {
                try (StreamClient next = StreamClient.connect(Transport.TLS, address)) {
                    next.send(StunBytes.bindingRequest());
                    assertThat(next.receive().has(XorMappedAddress.TYPE)).isTrue();
                }
            });
        }
    }

    @Test
    void clientThatTakesItsLeaveIsAnsweredAndItsConnectionClosed() throws Exception {
        try (TestServer server = new TestServer(vertx, listening().build());
                StreamClient client = StreamClient.connect(Transport.TLS, server.only(Transport.TLS))) {
            client.send(StunBytes.bindingRequest());
            client.endOutput();

            assertThat(client.receive().has(XorMappedAddress.TYPE)).isTrue();
            assertThat(client.isClosedByServer()).isTrue();
            await().untilAsserted(() -> assertThat(server.server().counters().value(Counter.CONNECTIONS_CLOSED))
                    .isEqualTo(1));
        }
    }

    @Test
    void certificateFollowsTheIndicatedNameAndIsTheFirstOtherwise() throws Exception {
        try (TestServer server = new TestServer(vertx, listening().build())) {
            TransportAddress address = server.only(Transport.TLS);

            assertThat(nameShown(address, Optional.of("two.example.org"))).isEqualTo("CN=two.example.org");
            assertThat(nameShown(address, Optional.of("one.example.org"))).isEqualTo("CN=one.example.org");
            assertThat(nameShown(address, Optional.of("three.example.org"))).isEqualTo("CN=one.example.org");
            assertThat(nameShown(address, Optional.empty())).isEqualTo("CN=one.example.org");
        }
    }

    private static String nameShown(TransportAddress server, Optional<String> indicated) throws IOException {
        try (StreamClient client = StreamClient.tls(server, indicated)) {
            return client.certificateName();
        }
    }

    @Test
    void reloadedCertificateIsShownToNewConnections(@TempDir Path folder) throws Exception {
        Path certificate = Files.copy(Path.of(one.certificateFile()), folder.resolve("live.crt"));
        Path key = Files.copy(Path.of(one.keyFile()), folder.resolve("live.key"));
        ServerConfig config = ServerConfigs.listening(Transport.TLS, "127.0.0.1")
                .identity(certificate.toString(), key.toString())
                .build();
        try (TestServer server = new TestServer(vertx, config)) {
            assertThat(nameShown(server.only(Transport.TLS), Optional.empty())).isEqualTo("CN=one.example.org");
            Files.copy(Path.of(two.certificateFile()), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(Path.of(two.keyFile()), key, StandardCopyOption.REPLACE_EXISTING);

            server.server().reload(config);

            assertThat(nameShown(server.only(Transport.TLS), Optional.empty())).isEqualTo("CN=two.example.org");
        }
    }

    @Test
    void keyOfAnotherCertificateIsRefusedAndAReloadKeepsThePairOfBefore(@TempDir Path folder) throws Exception {
        Path certificate = Files.copy(Path.of(one.certificateFile()), folder.resolve("live.crt"));
        Path key = Files.copy(Path.of(one.keyFile()), folder.resolve("live.key"));
        ServerConfig config = ServerConfigs.listening(Transport.TLS, "127.0.0.1")
                .identity(certificate.toString(), key.toString())
                .build();
        try (TestServer server = new TestServer(vertx, config)) {
            Files.copy(Path.of(two.certificateFile()), certificate, StandardCopyOption.REPLACE_EXISTING);

            assertThatThrownBy(() -> server.server().reload(config))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key.toString())
                    .hasMessageContaining("does not fit");
            assertThatThrownBy(() -> StunServer.start(vertx, config).await())
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(nameShown(server.only(Transport.TLS), Optional.empty())).isEqualTo("CN=one.example.org");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,   true",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, true",
        "TLSv1.3, TLS_AES_128_GCM_SHA256,                true",
        "TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256,       false",
        "TLSv1.2, TLS_RSA_WITH_AES_128_CBC_SHA,          false",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,    false",
    })
    @Rfc("8489#6.2.3")
    void cipherSuitesHaveForwardSecrecy(String protocol, String suite, boolean taken, @TempDir Path folder)
            throws Exception {
        TestCertificate rsa = TestCertificate.rsa("rsa.example.org", folder);
        ServerConfig config = ServerConfigs.listening(Transport.TLS, "127.0.0.1")
                .identity(rsa.certificateFile(), rsa.keyFile())
                .build();
        try (TestServer server = new TestServer(vertx, config)) {
            assertThat(isTaken(server.only(Transport.TLS), protocol, suite)).isEqualTo(taken);
        }
    }

    private static boolean isTaken(TransportAddress server, String protocol, String suite) throws IOException {
        try (StreamClient client = StreamClient.tls(server, protocol, suite)) {
            client.send(StunBytes.bindingRequest());
            return client.receive().has(XorMappedAddress.TYPE);
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    @Test
    @SuppressWarnings("ArgumentSelectionDefectChecker") // the operator's mistake
    void certificateThatIsNoneIsAnErrorThatNamesIt() {
        ServerConfig config = ServerConfigs.listening(Transport.TLS, "127.0.0.1")
                .identity(one.keyFile(), one.certificateFile())
                .build();

        assertThatThrownBy(() -> StunServer.start(vertx, config).await())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(one.keyFile());
    }
}
