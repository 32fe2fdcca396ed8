package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two Chromium processes that may meet only at our relay. */
class ChromiumPeersIT {
    private static final int EACH_WAY = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Path page;
    private static TestCertificate certificate;
    private static TurnServerUnderTest server;
    private static Browser.Driver driver;
    private static Browser one;
    private static Browser other;

    @BeforeAll
    static void open() throws Exception {
        Requirements.linux();
        for (String command : List.of("chromium", "chromedriver", "openssl")) {
            Requirements.command(command);
        }
        page = Scripts.copy("peer.html", folder);
        certificate = TestCertificate.make(folder, "server");
        server = TurnServerUnderTest.start(
                new TurnServerOptions().tls(certificate).with("--allow-peer", "127.0.0.0/8"), folder);
        driver = Browser.Driver.start(folder);
        one = driver.browser(certificate.publicKeyHash());
        other = driver.browser(certificate.publicKeyHash());
    }

    @AfterAll
    static void close() throws Exception {
        for (Browser browser : new Browser[] {one, other}) {
            if (browser != null) {
                browser.quit();
            }
        }
        for (AutoCloseable opened : new AutoCloseable[] {driver, server}) {
            if (opened != null) {
                opened.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "turn:127.0.0.1:PORT?transport=udp, udp",
        "turn:127.0.0.1:PORT?transport=tcp, tcp",
        "turns:127.0.0.1:TLS?transport=tcp, tls"
    })
    void fiveMegabytesEachWayArriveUnaltered(String url, String relayProtocol) throws Exception {
        Map<String, String> iceServer = iceServer(url, TurnServerUnderTest.PASSWORD);
        one.open(page);
        other.open(page);

        JsonNode offer = one.evaluate("offer(arguments[0], arguments[1])", iceServer, EACH_WAY);
        JsonNode answer =
                other.evaluate("answer(arguments[0], arguments[1], arguments[2])", iceServer, EACH_WAY, offer);
        one.evaluate("accept(arguments[0])", answer);

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(List.of(received(one), received(other)))
                        .as("%s\n%s\n%s", state(one), state(other), server.program())
                        .containsExactly(EACH_WAY, EACH_WAY));
        for (Browser browser : List.of(one, other)) {
            assertThat(state(browser).path("altered").asInt()).isZero();
            assertThat(state(browser).path("errors")).isEmpty();
            JsonNode pair = browser.evaluate("selectedPair()");
            assertThat(pair.path("local").asText()).as("%s", pair).isEqualTo("relay");
            assertThat(pair.path("remote").asText()).as("%s", pair).isEqualTo("relay");
            assertThat(pair.path("protocol").asText()).as("%s", pair).isEqualTo(relayProtocol);
        }
    }

    @ParameterizedTest
    @CsvSource({"turn:127.0.0.1:PORT?transport=udp", "turn:127.0.0.1:PORT?transport=tcp"})
    void aWrongPasswordIsError401(String url) throws Exception {
        one.open(page);

        JsonNode offer = one.evaluate("offer(arguments[0], 0)", iceServer(url, "looking-glass"));

        assertThat(offer.path("sdp").asText()).doesNotContain("a=candidate");
        assertThat(errors(one)).as("%s", server.program()).isNotEmpty().allMatch(error -> error.startsWith("401 "));
    }

    @Test
    void aCertificateOfAnotherKeyIsError701() throws Exception {
        TestCertificate stranger = TestCertificate.make(folder, "stranger");
        try (TurnServerUnderTest strange = TurnServerUnderTest.start(new TurnServerOptions().tls(stranger), folder)) {
            one.open(page);
            String url = "turns:127.0.0.1:" + strange.tlsPort() + "?transport=tcp";

            JsonNode offer = one.evaluate("offer(arguments[0], 0)", iceServer(url, TurnServerUnderTest.PASSWORD));

            assertThat(offer.path("sdp").asText()).doesNotContain("a=candidate");
            assertThat(errors(one))
                    .as("%s", strange.program())
                    .isNotEmpty()
                    .allMatch(error -> error.startsWith("701 "));
        }
    }

    private static Map<String, String> iceServer(String url, String password) {
        String concrete = url.replace("PORT", "" + server.port()).replace("TLS", "" + server.tlsPort());
        return Map.of("urls", concrete, "username", TurnServerUnderTest.USER, "credential", password);
    }

    private static JsonNode state(Browser browser) throws IOException, InterruptedException {
        return browser.evaluate("state");
    }

    private static int received(Browser browser) throws IOException, InterruptedException {
        return state(browser).path("received").asInt();
    }

    private static List<String> errors(Browser browser) throws IOException, InterruptedException {
        return StreamSupport.stream(state(browser).path("errors").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
