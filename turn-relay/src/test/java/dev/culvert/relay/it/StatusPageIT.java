package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in Chromium, as its user sees and uses it. */
@Tag("portable")
class StatusPageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CHANNEL = 0x4000;
    private static final int ALLOCATION_MISMATCH = 437;

    @TempDir
    private static Path folder;

    private static TurnServerUnderTest server;
    private static Browser.Driver driver;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        Requirements.linux();
        Requirements.command("chromium");
        Requirements.command("chromedriver");
        server = TurnServerUnderTest.start(
                new TurnServerOptions().administered().with("--allow-peer", "127.0.0.2/32", "--shared-secret", "north"),
                folder);
        driver = Browser.Driver.start(folder);
        browser = driver.browser("");
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        for (AutoCloseable opened : new AutoCloseable[] {driver, server}) {
            if (opened != null) {
                opened.close();
            }
        }
    }

    @Test
    void theNumbersMoveAndAnAllocationIsEnded() throws Exception {
        try (EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient client = PlainClient.alice(server)) {
            client.relayed();
            TransportAddress to =
                    TransportAddress.parse("127.0.0.2:" + peer.port()).orElseThrow();
            assertThat(client.bind(CHANNEL, to)).isEqualTo(SUCCESS);
            load(server.admin("/"));

            eventually(() -> {
                client.sendOnChannel(CHANNEL, new byte[1000]);
                assertThat(text(".tile .value")).endsWith("bit/s").doesNotStartWith("0 ");
                assertThat(text("#allocations")).contains(TurnServerUnderTest.USER);
            });
            assertThat(text("#top-users")).contains(TurnServerUnderTest.USER, "1 allocation");
            assertThat(text("#listeners")).contains("udp", server.host() + ":" + server.port());
            assertThat(text("#gauges")).contains("Allocations", "Relay ports", "Event-loop lag");
            fitsInto(1280);
            fitsInto(360);

            click("#allocations button");
            click("#confirm-yes");

            eventually(() -> assertThat(text("#allocations")).isEqualTo("none"));
            assertThat(client.refresh(600)).isEqualTo(ALLOCATION_MISMATCH);
        }
    }

    private static void fitsInto(int width) throws Exception {
        browser.resize(width, 900);
        eventually(() -> assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(width));
        JsonNode overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
        assertThat(overflow.asInt()).isLessThanOrEqualTo(0);
    }

    @Test
    void theServerIsTestedFromTheBrowser() throws Exception {
        load(server.admin("/"));

        click("#test-start");

        eventually(() -> assertThat(text("#test-verdict")).isNotEmpty());
        assertThat(text("#test-verdict"))
                .as("%s\n%s", text("#test-steps"), server.program())
                .isEqualTo("This browser can relay through this server.");
        assertThat(text("#test-steps")).contains("20 of 20 came back", "1.05 MB each way");
    }

    @Test
    void aStepThatFailsSaysWhy() throws Exception {
        load(server.admin("/"));
        browser.evaluate(
                "document.querySelector('#test-uri').value = arguments[0]",
                "turn:127.0.0.1:" + FreePort.pick() + "?transport=tcp");

        click("#test-start");

        eventually(() -> assertThat(text("#test-verdict")).contains("cannot relay"));
        assertThat(text("#test-steps li.bad")).contains("701", "firewall");
    }

    @Test
    void theTokenIsAskedForAndAServerIsDrained() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "s3same");
        TurnServerOptions options = new TurnServerOptions().administered().with("--admin-token-file", token.toString());
        try (TurnServerUnderTest guarded = TurnServerUnderTest.start(options, folder)) {
            load(guarded.admin("/"));
            giveToken("wrong");
            eventually(() -> assertThat(text("#token-wrong")).isNotEmpty());
            giveToken("s3same");
            eventually(() -> assertThat(text("#state")).isEqualTo("Ready"));
            assertThat(browser.evaluate("localStorage.length + sessionStorage.length + document.cookie.length")
                            .asInt())
                    .isZero();

            click("#drain");
            click("#confirm-yes");

            assertThat(guarded.program().exitCode(PATIENCE)).isZero();
            eventually(() -> assertThat(text("#state")).isEqualTo("No connection"));
        }
    }

    private static void giveToken(String token) throws Exception {
        eventually(() -> assertThat(browser.evaluate("document.querySelector('#token-dialog').open")
                        .asBoolean())
                .isTrue());
        browser.evaluate("document.querySelector('#token').value = arguments[0]", token);
        click("#token-form button");
    }

    private static void load(URI page) throws Exception {
        browser.open(page);
        eventually(() -> assertThat(text("#state")).isNotEmpty());
        if (page.getPort() == server.admin("/").getPort()) {
            eventually(() -> assertThat(browser.evaluate("document.querySelector('#test-uri').value")
                            .asText())
                    .startsWith("turn:"));
        }
    }

    private static String text(String selector) throws IOException, InterruptedException {
        return browser.evaluate("(document.querySelector(arguments[0]) || {}).innerText || ''", selector)
                .asText()
                .strip();
    }

    private static void click(String selector) throws IOException, InterruptedException {
        browser.evaluate("document.querySelector(arguments[0]).click()", selector);
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
    }
}
