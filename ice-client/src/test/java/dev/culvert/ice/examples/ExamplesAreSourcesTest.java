package dev.culvert.ice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown as an example is the text of a source in this package, or in that of the servers' examples. */
class ExamplesAreSourcesTest {
    private static final Path MAIN = Path.of("src", "main", "java", "dev", "culvert", "ice");
    private static final Path EXAMPLES = Path.of("src", "test", "java", "dev", "culvert", "ice", "examples");

    /** The README shows servers, too. */
    private static final Path OF_SERVERS =
            Path.of("..", "turn-relay", "src", "test", "java", "dev", "culvert", "relay", "examples");

    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\n[ *]*}</pre>", Pattern.DOTALL);
    private static final Pattern IN_README = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);

    static List<Path> classesWithExamples() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !inJavadoc(file).isEmpty())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("classesWithExamples")
    void javadocShowsTheTextOfAnExample(Path file) {
        assertThat(inJavadoc(file)).allSatisfy(ExamplesAreSourcesTest::isInASource);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StunTransactions",
                "sdp/CandidateAttribute",
                "sdp/IceDescription",
                "turn/TurnClient",
                "vertx/IceGathering",
                "vertx/NatMeasurements",
                "vertx/PortMappings",
                "vertx/ServerLookUp",
                "vertx/TurnConnection",
                "vertx/VertxNatDiscovery",
            })
    void eachMainTypeHasAnExample(String type) {
        assertThat(inJavadoc(MAIN.resolve(type + ".java"))).isNotEmpty();
    }

    @Test
    void readmeShowsTheTextOfExamples() {
        List<String> shown = found(IN_README, read(Path.of("..", "README.md")));

        assertThat(shown).hasSizeGreaterThanOrEqualTo(2).allSatisfy(ExamplesAreSourcesTest::isInASource);
    }

    private static void isInASource(String example) {
        List<String> wanted = example.lines().toList();
        assertThat(sources().stream().anyMatch(source -> holds(source, wanted)))
                .as("a source has these lines:\n" + example)
                .isTrue();
    }

    /** Whether these lines follow each other in {@code source}, however far they are indented. */
    private static boolean holds(List<String> source, List<String> wanted) {
        for (int i = 0; i + wanted.size() <= source.size(); i++) {
            List<String> lines = source.subList(i, i + wanted.size());
            if (String.join("\n", lines).stripIndent().lines().toList().equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static List<List<String>> sources() {
        try (Stream<Path> ours = Files.list(EXAMPLES);
                Stream<Path> servers = Files.list(OF_SERVERS)) {
            return Stream.concat(ours, servers)
                    .map(file -> read(file).lines().toList())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> inJavadoc(Path file) {
        List<String> examples = new ArrayList<>();
        for (String raw : found(IN_JAVADOC, read(file))) {
            examples.add(raw.replaceAll("(?m)^ +\\* ?", "").stripIndent());
        }
        return examples;
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
