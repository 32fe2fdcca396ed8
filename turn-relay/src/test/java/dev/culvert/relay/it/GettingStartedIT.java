package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.docs.ConsoleStep;
import dev.culvert.testkit.docs.DocBlock;
import dev.culvert.testkit.docs.DocLab;
import dev.culvert.testkit.docs.DocPage;
import dev.culvert.testkit.docs.Mark;
import dev.culvert.testkit.docs.ShownText;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody follows docs/getting-started.md on a fresh host, and Chromium behind a NAT relays through what they have started.
 *
 * <p>What a client of another module does on that page, {@code DocumentsIT} does there.
 */
@Tag("portable")
class GettingStartedIT {
    private static final Path ROOT = Path.of("..");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @BeforeAll
    static void theLaboratoryCanBeBuilt() {
        Requirements.networkNamespaces();
        for (String command : List.of(
                "nsenter", "ip", "nft", "ss", "bash", "curl", "jq", "openssl", "python3", "chromium", "chromedriver")) {
            Requirements.command(command);
        }
    }

    @Test
    void aBrowserBehindANatRelaysThroughWhatThePageHasStarted(@TempDir Path folder) throws Exception {
        DocPage page = DocPage.read(ROOT, ROOT.resolve("docs").resolve("getting-started.md"));
        try (DocLab lab = new DocLab(ROOT, folder)) {
            for (DocBlock block : page.blocks()) {
                if (block.mark() instanceof Mark.HeldBy) {
                    assertThat(new ShownText(block.text()).matches(chosenInTheBrowser(lab, folder)))
                            .isTrue();
                } else if (isForThisModule(block)) {
                    lab.run(block);
                }
            }
        }
    }

    private static boolean isForThisModule(DocBlock block) {
        return !(block.mark() instanceof Mark.Run)
                || block.steps().stream().map(ConsoleStep::command).noneMatch(command -> command.contains("nat-probe"));
    }

    private static String chosenInTheBrowser(DocLab lab, Path folder) throws Exception {
        try (Browser.Driver driver = Browser.Driver.start(lab.host("client"), folder)) {
            Browser browser = driver.browser("");
            browser.open(URI.create("http://turn.example.org:8000/"));
            browser.evaluate("document.querySelector('#start').click()");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !text(browser, "#verdict").isEmpty());
            String steps = text(browser, "#steps");
            String verdict = text(browser, "#verdict");
            browser.quit();

            assertThat(verdict).as(steps).isEqualTo("It relays.");
            return steps.lines()
                    .filter(line -> line.startsWith("chosen"))
                    .findFirst()
                    .orElse(steps);
        }
    }

    private static String text(Browser browser, String selector) throws Exception {
        return browser.evaluate("document.querySelector(arguments[0]).innerText", selector)
                .asText()
                .strip();
    }
}
