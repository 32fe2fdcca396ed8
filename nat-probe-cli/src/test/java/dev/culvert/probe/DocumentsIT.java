package dev.culvert.probe;

import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.docs.DocBlock;
import dev.culvert.testkit.docs.DocLab;
import dev.culvert.testkit.docs.DocPage;
import dev.culvert.testkit.docs.Mark;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation tells people to type does what it says. Each page has a laboratory of its own. */
@Execution(CONCURRENT)
class DocumentsIT {
    private static final Path ROOT = Path.of("..");

    @BeforeAll
    static void pagesCanBeRun() {
        Requirements.networkNamespaces();
        for (String command : List.of(
                "nsenter", "ip", "nft", "ss", "bash", "curl", "jq", "openssl", "python3", "turnserver", "miniupnpd")) {
            Requirements.command(command);
        }
    }

    static Stream<DocPage> pages() {
        return DocPage.all(ROOT).stream().filter(page -> page.blocks().stream().anyMatch(DocumentsIT::isRun));
    }

    private static boolean isRun(DocBlock block) {
        return block.mark() instanceof Mark.Run || block.mark() instanceof Mark.Check;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatAPageShowsIsWhatHappens(DocPage page, @TempDir Path folder) {
        try (DocLab lab = new DocLab(ROOT, folder)) {
            page.blocks().forEach(lab::run);
        }
    }
}
