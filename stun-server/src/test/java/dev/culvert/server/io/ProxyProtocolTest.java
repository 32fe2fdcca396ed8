package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients behind a proxy that says whose each connection is. */
class ProxyProtocolTest {
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};

    private static Vertx vertx;
    private static TestCertificate certificate;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        vertx = Vertx.vertx();
        certificate = TestCertificate.named("proxied.example.org", folder);
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static TestServer server(Transport transport, int maxPerPrefix) {
        ConnectionLimits limits =
                new ConnectionLimits(10, maxPerPrefix, Duration.ofMinutes(1), Duration.ofMillis(300), true);
        return new TestServer(
                vertx,
                ServerConfigs.listening(transport, "127.0.0.1")
                        .identity(certificate.certificateFile(), certificate.keyFile())
                        .connections(limits)
                        .build());
    }

    private static byte[] version1(String line) {
        return ("PROXY " + line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] version2(String source, int port) throws Exception {
        byte[] from = InetAddress.getByName(source).getAddress();
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(SIGNATURE);
        header.write(0x21);
        header.write(from.length == 4 ? 0x11 : 0x21);
        header.write(
                ByteBuffer.allocate(2).putShort((short) (2 * from.length + 4)).array());
        header.write(from);
        header.write(from);
        header.write(ByteBuffer.allocate(4)
                .putShort((short) port)
                .putShort((short) 3478)
                .array());
        return header.toByteArray();
    }

    private static Optional<XorMappedAddress> mapped(StreamClient client) throws Exception {
        client.send(StunBytes.bindingRequest());
        return client.receive().get(XorMappedAddress.TYPE);
    }

    private static Optional<XorMappedAddress> address(String text) {
        return TransportAddress.parse(text).map(XorMappedAddress::new);
    }

    @ParameterizedTest
    @CsvSource({
        "TCP, TCP4 203.0.113.7 192.0.2.1 4711 3478, 203.0.113.7:4711",
        "TCP, TCP6 2001:db8::7 2001:db8::1 4711 3478, [2001:db8::7]:4711",
        "TLS, TCP4 203.0.113.7 192.0.2.1 4711 3478, 203.0.113.7:4711",
    })
    void clientLearnsWhatTheProxySawOfIt(Transport transport, String line, String seen) throws Exception {
        try (TestServer server = server(transport, 10);
                StreamClient client = StreamClient.proxied(transport, server.only(transport), version1(line))) {
            assertThat(mapped(client)).isEqualTo(address(seen));
        }
    }

    @ParameterizedTest
    @CsvSource({"TCP, 203.0.113.7", "TCP, 2001:db8::7", "TLS, 2001:db8::7"})
    void binaryHeaderIsUnderstood(Transport transport, String source) throws Exception {
        byte[] header = version2(source, 4711);
        try (TestServer server = server(transport, 10);
                StreamClient client = StreamClient.proxied(transport, server.only(transport), header)) {
            assertThat(mapped(client).orElseThrow().address().ip().toInetAddress())
                    .isEqualTo(InetAddress.getByName(source));
        }
    }

    @Test
    void requestInTheSegmentOfTheHeaderIsAnswered() throws Exception {
        byte[] all = StunBytes.concat(version2("203.0.113.7", 4711), StunBytes.bindingRequest());
        try (TestServer server = server(Transport.TCP, 10);
                StreamClient client = StreamClient.proxied(Transport.TCP, server.only(Transport.TCP), all)) {
            assertThat(client.receive().get(XorMappedAddress.TYPE)).isEqualTo(address("203.0.113.7:4711"));
        }
    }

    @Test
    void connectionThatEndsWithoutAHeaderIsNoBadFrame() throws Exception {
        try (TestServer server = server(Transport.TCP, 10)) {
            new Socket("127.0.0.1", server.only(Transport.TCP).port()).close();

            // Later than the timeout of the one before, which was opened earlier and waited as long.
            try (Socket silent =
                    new Socket("127.0.0.1", server.only(Transport.TCP).port())) {
                silent.setSoTimeout(5_000);
                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(server.server().counters(Transport.TCP).value(Counter.BAD_FRAMES))
                    .isEqualTo(1);
        }
    }

    @Test
    void proxyThatSpeaksForItselfIsTheClient() throws Exception {
        try (TestServer server = server(Transport.TCP, 10);
                StreamClient client =
                        StreamClient.proxied(Transport.TCP, server.only(Transport.TCP), version1("UNKNOWN"))) {
            assertThat(mapped(client)).contains(new XorMappedAddress(client.local()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    void connectionWithoutAHeaderIsClosed(Transport transport) throws Exception {
        try (TestServer server = server(transport, 10);
                StreamClient client =
                        StreamClient.proxied(Transport.TCP, server.only(transport), StunBytes.bindingRequest())) {
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.server().counters(transport).value(Counter.BAD_FRAMES))
                    .isEqualTo(1);
        }
    }

    @Test
    void headerThatDoesNotComeIsWaitedForAsLongAsAHandshake() throws Exception {
        try (TestServer server = server(Transport.TCP, 10);
                StreamClient silent = StreamClient.proxied(Transport.TCP, server.only(Transport.TCP), new byte[0]);
                StreamClient client = StreamClient.proxied(
                        Transport.TCP, server.only(Transport.TCP), version1("TCP4 203.0.113.7 192.0.2.1 1 2"))) {
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(mapped(client)).isEqualTo(address("203.0.113.7:1"));
        }
    }

    @Test
    void connectionsAreCappedByTheClientsPrefix() throws Exception {
        try (TestServer server = server(Transport.TCP, 1)) {
            TransportAddress where = server.only(Transport.TCP);
            try (StreamClient first = StreamClient.proxied(Transport.TCP, where, version2("203.0.113.7", 1));
                    StreamClient other = StreamClient.proxied(Transport.TCP, where, version2("198.51.100.7", 1))) {
                assertThat(mapped(first)).isPresent();
                assertThat(mapped(other)).isPresent();
                try (StreamClient second = StreamClient.proxied(Transport.TCP, where, version2("203.0.113.9", 1))) {
                    assertThat(second.isClosedByServer()).isTrue();
                }
            }
        }
    }
}
