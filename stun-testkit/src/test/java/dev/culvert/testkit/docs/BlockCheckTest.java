package dev.culvert.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockCheckTest {
    @TempDir
    private Path root;

    private Optional<String> problem(String mark, String text) {
        String page = "<!-- example: " + mark + " -->\n```\n" + text + "```\n";
        DocPage parsed = DocPage.parse("docs/page.md", page);
        return new BlockCheck(root).problem(parsed.name(), parsed.blocks().get(0));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void linesOfAFileMustStandInItInOrder() throws IOException {
        write("deploy/x.yaml", "a:\n  b: 1\n  c: 2\nd: 3\n");

        assertThat(problem("part of deploy/x.yaml", "b: 1\nc: 2\n")).isEmpty();
        assertThat(problem("part of deploy/x.yaml", "a:\n…\nd: 3\n")).isEmpty();
        assertThat(problem("part of deploy/x.yaml", "d: 3\n…\na:\n")).isPresent();
        assertThat(problem("part of deploy/x.yaml", "b: 2\n")).isPresent();
        assertThat(problem("part of deploy/y.yaml", "b: 1\n").orElseThrow()).contains("no file deploy/y.yaml");
    }

    @Test
    void javaMustStandInASourceAndNotInAComment() throws IOException {
        write(
                "module/src/test/java/A.java",
                "/**\n * <pre>{@code\n * said();\n * }</pre>\n */\nclass A {\n    done();\n}\n");

        assertThat(problem("part of ", "done();\n")).isEmpty();
        assertThat(problem("part of ", "said();\n")).isPresent();
    }

    @Test
    void theTestThatHoldsABlockMustBeThereAndNameThePage() throws IOException {
        write("module/src/test/java/ATest.java", "read(\"page.md\")");
        write("module/src/test/java/BTest.java", "read(\"other.md\")");

        assertThat(problem("held by ATest", "x\n")).isEmpty();
        assertThat(problem("held by BTest", "x\n").orElseThrow()).contains("does not name page.md");
        assertThat(problem("held by CTest", "x\n").orElseThrow()).contains("no test CTest");
    }

    @Test
    void anExcerptMustBeShownInThePageItComesFrom() throws IOException {
        write("docs/whole.md", "```console\n$ probe x\none 17 ms\ntwo\nthree\n```\n");

        assertThat(problem("excerpt of docs/whole.md", "$ bin/probe x    # a remark\none 3 ms\n…\n"))
                .isEmpty();
        assertThat(problem("excerpt of docs/whole.md", "$ bin/probe x\none 3 ms\ntwo\n"))
                .isPresent();
        assertThat(problem("excerpt of docs/whole.md", "$ bin/probe y\none 3 ms\n…\n"))
                .isPresent();
    }

    @Test
    void jsonMustParseAndFitItsSchema() throws IOException {
        write("docs/schema/s.json", "{\"type\": \"object\", \"required\": [\"a\"]}");

        assertThat(problem("schema s.json", "{\"a\": 1}\n")).isEmpty();
        assertThat(problem("schema s.json", "{\"b\": 1}\n")).isPresent();
        assertThat(problem("schema s.json", "{\"a\": \n")).isPresent();
    }
}
