package dev.culvert.relay.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages and the Javadoc show as an example is the text of a source in this package. */
class DocsShowSourcesTest {
    private static final Path EXAMPLES = Path.of("src", "test", "java", "dev", "culvert", "relay", "examples");
    private static final Path TURN_RELAY = Path.of("src", "main", "java", "dev", "culvert", "relay", "TurnRelay.java");

    @ParameterizedTest
    @CsvSource({"embedding, 7", "junit, 3"})
    void pageShowsTheTextOfExamples(String page, int least) throws IOException {
        List<String> shown = found("```java\n(.*?)\n```", Files.readString(Path.of("..", "docs", page + ".md")));

        assertThat(shown).hasSizeGreaterThanOrEqualTo(least).allSatisfy(DocsShowSourcesTest::isInASource);
    }

    @Test
    void javadocShowsTheTextOfAnExample() throws IOException {
        List<String> shown = found("<pre>\\{@code\n(.*?)\n[ *]*}</pre>", Files.readString(TURN_RELAY)).stream()
                .map(raw -> raw.replaceAll("(?m)^ \\* ?", ""))
                .toList();

        assertThat(shown).hasSize(1).allSatisfy(DocsShowSourcesTest::isInASource);
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static void isInASource(String example) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.toList())
                    .as("a source has these lines:\n" + example)
                    .anySatisfy(file ->
                            assertThat(unindented(Files.readString(file))).contains(unindented(example)));
        }
    }

    private static String unindented(String text) {
        return text.replaceAll("(?m)^ +", "");
    }
}
