package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.sdp.CandidateAttribute;
import dev.culvert.ice.sdp.IceDescription;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICE sessions of aioice and of Chromium with candidates that the library gathered. */
@Tag("portable")
class LibrarySessionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<String> TURN_URIS = List.of(
            "turn:127.0.0.1:PORT?transport=udp",
            "turn:127.0.0.1:PORT?transport=tcp",
            "turns:localhost:TLS?transport=tcp");

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static Scripts scripts;
    private static TestCertificate certificate;
    private static TurnServerUnderTest server;

    @BeforeAll
    static void open() throws Exception {
        Requirements.linux();
        for (String command : List.of("chromium", "chromedriver", "openssl")) {
            Requirements.command(command);
        }
        vertx = Vertx.vertx();
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
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aioiceExchangesMessagesWithAHostCandidate() throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (LibraryPeer peer = new LibraryPeer(vertx, Optional.empty(), "", data -> nextMessage(data, number));
                Program aioice = new IcePeer(scripts, Launcher.HERE, server, true).direct(true)) {
            thenAllMessagesAreExchanged(aioice, peer, CandidateType.HOST, "[\"host\", \"host\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aioiceExchangesMessagesWithARelayedCandidate(int uri) throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (LibraryPeer peer = new LibraryPeer(
                        vertx,
                        Optional.of(turnUri(uri)),
                        certificate.certificate().toString(),
                        data -> nextMessage(data, number));
                Program aioice = new IcePeer(scripts, Launcher.HERE, server, true).relayedBy("udp", true, List.of())) {
            thenAllMessagesAreExchanged(aioice, peer, CandidateType.RELAY, "[\"relay\", \"relay\"]");
        }
    }

    private static void thenAllMessagesAreExchanged(
            Program aioice, LibraryPeer peer, CandidateType type, String expectedPair) throws Exception {
        JsonNode remote = JSON.readTree(aioice.awaitLine("local "));
        for (JsonNode line : remote.path(2)) {
            Candidate candidate = CandidateAttribute.parse("candidate:" + line.asText());
            peer.permit(candidate.address().transportAddress().orElseThrow().ip());
        }
        List<String> local = LibraryPeer.lines(peer.candidates(type)).stream()
                .map(line -> line.substring("candidate:".length()))
                .toList();
        assertThat(local).isNotEmpty();
        aioice.tell(JSON.writeValueAsString(List.of(LibraryPeer.USERNAME_FRAGMENT, LibraryPeer.PASSWORD, local)));

        assertThat(aioice.awaitLine("connected ")).isEqualTo(expectedPair);
        assertThat(aioice.awaitLine("received ")).isEqualTo(Integer.toString(IcePeer.bytes(IcePeer.MESSAGES)));
        aioice.tell("true");
        aioice.awaitLine("closed ");
        assertThat(peer.nominated()).isPresent();
        assertThat(peer.failures()).isEmpty();
    }

    @Test
    void chromiumConnectsToAHostCandidate() throws Exception {
        try (LibraryPeer peer = new LibraryPeer(vertx, Optional.empty(), "", LibrarySessionIT::ignored)) {
            thenChromiumConnects(peer, CandidateType.HOST, Map.of());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void chromiumConnectsToARelayedCandidate(int uri) throws Exception {
        Map<String, String> iceServer = Map.of(
                "urls", turnUri(0), "username", TurnServerUnderTest.USER, "credential", TurnServerUnderTest.PASSWORD);
        try (LibraryPeer peer = new LibraryPeer(
                vertx, Optional.of(turnUri(uri)), certificate.certificate().toString(), LibrarySessionIT::ignored)) {
            thenChromiumConnects(peer, CandidateType.RELAY, iceServer);
        }
    }

    private static void thenChromiumConnects(LibraryPeer peer, CandidateType type, Map<String, String> iceServer)
            throws Exception {
        try (Browser.Driver driver = Browser.Driver.start(folder)) {
            Browser browser = driver.browser(certificate.publicKeyHash());
            browser.open(Scripts.copy("peer.html", folder));
            JsonNode offer = iceServer.isEmpty()
                    ? browser.evaluate("offer(null, 0)")
                    : browser.evaluate("offer(arguments[0], 0)", iceServer);
            String text = offer.path("sdp").asText();
            IceDescription description = IceDescription.parse(text);
            assertThat(description.toString()).isEqualTo(text);
            for (Candidate candidate : description.streams().get(0).candidates()) {
                if (candidate.type() == CandidateType.RELAY) {
                    peer.permit(
                            candidate.address().transportAddress().orElseThrow().ip());
                }
            }

            Map<String, String> answer = Map.of("type", "answer", "sdp", answer(peer.candidates(type)));
            browser.evaluate("accept(arguments[0])", answer);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(browser.evaluate("connection.iceConnectionState")
                                    .asText())
                            .isIn("connected", "completed"));
            // A check that works connects; the nomination follows.
            await().atMost(PATIENCE).until(() -> peer.nominated().isPresent());
            JsonNode pair = browser.evaluate("selectedPair()");
            assertThat(pair.path("remote").asText()).as("%s", pair).isEqualTo(type.token());
            assertThat(peer.failures()).isEmpty();
            browser.quit();
        }
    }

    /** No more than what ICE needs: what would follow is DTLS. */
    private static String answer(List<Candidate> candidates) {
        List<String> lines = new ArrayList<>(List.of(
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=ice-lite",
                "a=group:BUNDLE 0",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=ice-ufrag:" + LibraryPeer.USERNAME_FRAGMENT,
                "a=ice-pwd:" + LibraryPeer.PASSWORD,
                "a=fingerprint:sha-256 " + String.join(":", java.util.Collections.nCopies(32, "5A")),
                "a=setup:passive",
                "a=sctp-port:5000"));
        LibraryPeer.lines(candidates).forEach(line -> lines.add("a=" + line));
        lines.add("a=end-of-candidates");
        return IceDescription.parse(String.join("\r\n", lines)).toString();
    }

    private static ByteBuffer ignored(ByteBuffer data) {
        return ByteBuffer.allocate(0);
    }

    /** The answer to the next message of aioice, which must be as it was sent. */
    private static ByteBuffer nextMessage(ByteBuffer data, AtomicInteger number) {
        int next = number.getAndIncrement();
        assertThat(data).isEqualTo(message("one", next));
        return message("other", next);
    }

    /** As in {@code ice_peer.py}. */
    private static ByteBuffer message(String name, int number) {
        try {
            byte[] block = MessageDigest.getInstance("SHA-256")
                    .digest((name + " " + number).getBytes(StandardCharsets.US_ASCII));
            ByteBuffer message = ByteBuffer.allocate(1 + number * 37 % 1200);
            while (message.hasRemaining()) {
                message.put(block, 0, Math.min(block.length, message.remaining()));
            }
            return message.flip();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String turnUri(int index) {
        return TURN_URIS.get(index).replace("PORT", "" + server.port()).replace("TLS", "" + server.tlsPort());
    }
}
