package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.docs.BlockCheck;
import dev.culvert.testkit.docs.DocBlock;
import dev.culvert.testkit.docs.DocPage;
import dev.culvert.testkit.docs.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No block of a page is there unlooked at: {@link DocumentsIT} runs it, or it is compared here with what is run elsewhere. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final int FEW = 25;

    /** A link within the repository: its file, which may be empty, and its heading, if any. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

    @Test
    void blocksThatAreNotRunAreWhatOtherFilesHold() {
        BlockCheck check = new BlockCheck(ROOT);
        List<String> problems = new ArrayList<>();
        for (DocPage page : DocPage.all(ROOT)) {
            page.blocks().stream()
                    .map(block -> check.problem(page.name(), block))
                    .flatMap(Optional::stream)
                    .forEach(problems::add);
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void onlyAFewBlocksAreNotRunAndSayWhy() {
        List<DocBlock> exempt = DocPage.all(ROOT).stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.mark() instanceof Mark.NotRun)
                .toList();
        exempt.forEach(block ->
                System.out.println("not run: " + block.place() + ": " + ((Mark.NotRun) block.mark()).reason()));

        assertThat(exempt)
                .hasSizeLessThanOrEqualTo(FEW)
                .allSatisfy(block ->
                        assertThat(((Mark.NotRun) block.mark()).reason()).hasSizeGreaterThan(10));
    }

    /** Each figure of docs/sizing.md names its row, as "shape, case, server", and the table that holds it. */
    @Test
    void figuresForSizingAreThoseOfTheirMeasurements() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/sizing.md"));
        List<MatchResult> figures = Pattern.compile(
                        "\\| ([0-9.]+) [^|]*\\| \\[([^,]+), (.+), ([^,]+)\\]\\(\\.\\./(.*\\.md)\\) \\|")
                .matcher(page)
                .results()
                .toList();

        assertThat(figures).hasSizeGreaterThan(10);
        for (MatchResult figure : figures) {
            assertThat(Files.readString(ROOT.resolve(figure.group(5))))
                    .contains("| " + figure.group(2) + " | " + figure.group(3) + " | " + figure.group(4) + " | "
                            + figure.group(1) + " |");
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (DocPage page : DocPage.all(ROOT)) {
            Path file = ROOT.resolve(page.name());
            for (MatchResult link :
                    LINK.matcher(Files.readString(file)).results().toList()) {
                Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                if (!Files.exists(target)
                        || link.group(2) != null && !headings(target).contains(link.group(2))) {
                    broken.add(page.name() + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static List<String> headings(Path page) throws IOException {
        return Files.readString(page)
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
