package dev.culvert.ice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.docs.BlockCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Javadoc shows as an example is the text of a source; DocumentsTest looks at the pages. */
class ExamplesAreSourcesTest {
    private static final Path MAIN = Path.of("src", "main", "java", "dev", "culvert", "ice");
    private static final Path OF_THE_RELAY = Path.of("..", "turn-relay", "src", "main", "java");
    private static final BlockCheck CHECK = new BlockCheck(Path.of(".."));

    static List<Path> classesWithExamples() throws IOException {
        try (Stream<Path> client = Files.walk(MAIN);
                Stream<Path> relay = Files.walk(OF_THE_RELAY)) {
            return Stream.concat(client, relay)
                    .filter(file -> file.toString().endsWith(".java"))
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

    private static void isInASource(String example) {
        assertThat(CHECK.isInASource(example))
                .as("a source has these lines:\n" + example)
                .isTrue();
    }

    private static List<String> inJavadoc(Path file) {
        return BlockCheck.javadocExamples(file);
    }
}
