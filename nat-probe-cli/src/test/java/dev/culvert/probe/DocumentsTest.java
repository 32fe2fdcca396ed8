package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.docs.BlockCheck;
import dev.culvert.testkit.docs.DocBlock;
import dev.culvert.testkit.docs.DocPage;
import dev.culvert.testkit.docs.Mark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No block of a page is there unlooked at: {@link DocumentsIT} runs it, or it is compared here with what is run elsewhere. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final int FEW = 20;

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
}
