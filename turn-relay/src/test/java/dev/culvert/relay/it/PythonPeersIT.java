package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two peers of aioice, and two of aiortc, that meet at our relay and nowhere else. */
class PythonPeersIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Scripts scripts;
    private static TestCertificate certificate;
    private static TurnServerUnderTest server;

    @BeforeAll
    static void open() throws Exception {
        Requirements.linux();
        Requirements.command("openssl");
        scripts = Scripts.in(folder, "aioice", "aiortc");
        certificate = TestCertificate.make(folder, "server");
        server = TurnServerUnderTest.start(
                new TurnServerOptions().tls(certificate).with("--allow-peer", "127.0.0.0/8"), folder);
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"udp, udp", "tcp, tcp", "tls, tls", "udp, tls"})
    void aioiceExchangesMessagesOfManyLengths(String one, String other) throws Exception {
        try (Program a = icePeer(one, true);
                Program b = icePeer(other, false)) {
            b.tell(a.awaitLine("local "));
            a.tell(b.awaitLine("local "));

            for (Program peer : List.of(a, b)) {
                assertThat(peer.awaitLine("connected ")).isEqualTo("[\"relay\", \"relay\"]");
                assertThat(peer.awaitLine("received ")).isEqualTo(Integer.toString(IcePeer.bytes(IcePeer.MESSAGES)));
            }
            close(a, b);
        }
    }

    @ParameterizedTest
    @CsvSource({"turn:HOST:PORT?transport=udp", "turn:HOST:PORT?transport=tcp", "turns:HOST:TLS?transport=tcp"})
    void aiortcExchangesDataOverADataChannel(String url) throws Exception {
        try (Program a = rtcPeer(url, true);
                Program b = rtcPeer(url, false)) {
            b.tell(a.awaitLine("local "));
            a.tell(b.awaitLine("local "));

            for (Program peer : List.of(a, b)) {
                assertThat(peer.awaitLine("connected ")).isEqualTo("[\"relay\", \"relay\"]");
                assertThat(peer.awaitLine("received ")).isEqualTo("[100000, true]");
            }
            close(a, b);
        }
    }

    private static void close(Program... peers) throws IOException, InterruptedException {
        for (Program peer : peers) {
            peer.tell("true");
        }
        for (Program peer : peers) {
            peer.awaitLine("closed ");
            assertThat(peer.exitCode(Program.PATIENCE)).as("%s", peer).isZero();
        }
    }

    private static Program icePeer(String transport, boolean controlling) throws IOException {
        return new IcePeer(scripts, Launcher.HERE, server).relayedBy(transport, controlling, trust());
    }

    private static Program rtcPeer(String url, boolean offers) throws IOException {
        String concrete = url.replace("HOST", server.host())
                .replace("PORT", "" + server.port())
                .replace("TLS", "" + server.tlsPort());
        Map<String, Object> options = Map.of(
                "url",
                concrete,
                "user",
                TurnServerUnderTest.USER,
                "password",
                TurnServerUnderTest.PASSWORD,
                "offers",
                offers,
                "seed",
                offers ? 1 : 2,
                "bytes",
                100_000);
        return scripts.start(Launcher.HERE, trust(), "rtc_peer.py", JSON.writeValueAsString(options));
    }

    private static List<String> trust() {
        return List.of("env", "SSL_CERT_FILE=" + certificate.certificate());
    }
}
