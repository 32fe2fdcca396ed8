package dev.culvert.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that an operator starts from, the schema that checks it, and what is said of one that is wrong. */
class ConfigurationFileTest {
    private static final Path COMMITTED = Path.of("..", "docs", "schema", "turn-relay.config.schema.json");

    @TempDir
    Path directory;

    @Test
    void theSchemaInTheDocumentationIsTheGeneratedOne() throws IOException {
        assertThat(COMMITTED)
                .as("write it anew: bin/turn-relay config --schema > docs/schema/turn-relay.config.schema.json")
                .hasContent(Invocation.of("config", "--schema").out());
    }

    @Test
    void theExampleHoldsEverySettingAndIsSoundWithAllOfThem() throws IOException {
        String example = uncommentedExample();

        Problems problems = new Problems();
        Values values = new Values(
                TurnSettings.ALL,
                List.of(FileLayer.read("example.yaml", example, TurnSettings.ALL, problems)),
                problems);

        assertThat(problems.list()).isEmpty();
        assertThat(TurnSettings.ALL.all()).allMatch(values::isGiven);
        assertThat(SchemaCheck.problems(schema(), yaml(example))).isEmpty();
    }

    @Test
    void theSchemaKnowsEverySettingAndNothingElse() throws IOException {
        List<String> names = TurnSettings.ALL.all().stream().map(Setting::name).collect(Collectors.toList());
        names.add("no-admin");

        assertThat(schema().path("properties").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relm: example.org",
                "realm: [example.org]",
                "relay-ports: 49152",
                "relay-mode: sharing",
                "max-bitrate: 8000000",
                "max-allocations: 0",
                "end-with-credential: 1",
                "users-file: true"
            })
    void theSchemaRefusesUnknownKeysAndWrongTypes(String yaml) throws IOException {
        assertThat(SchemaCheck.problems(schema(), yaml(yaml))).isNotEmpty();
    }

    @Test
    void everyProblemOfAFileIsToldAtOnceWithItsLineItsKeyAndTheMend() throws IOException {
        Path file = Files.writeString(directory.resolve("turn.yaml"), """
                # A relay.
                relm: example.org
                listen:
                  - "udp:*:3478"
                  - "udp:203.0.113.5"
                max-lifetime: 3600
                user: ["alice:wonderland"]
                threads:
                """);

        Invocation checked = Invocation.of("check", "--config", file.toString());

        assertThat(checked.exitCode()).isEqualTo(2);
        assertThat(checked.errors())
                .containsExactlyInAnyOrder(
                        "turn-relay: " + file + ":2: relm: no such setting; did you mean realm?",
                        "turn-relay: " + file + ":8: threads: has no value; remove the line or give one",
                        "turn-relay: " + file + ":5: listen \"udp:203.0.113.5\": the port is missing;"
                                + " write udp:ADDR:PORT, for example udp:*:3478",
                        "turn-relay: " + file + ":6: max-lifetime \"3600\": the unit is missing;"
                                + " write a number and ms, s, m, h or d, for example 30s",
                        "turn-relay: --realm: is missing; give one, for example --realm example.org");
    }

    private static String uncommentedExample() {
        return Invocation.of("config", "--example")
                .out()
                .lines()
                .map(line -> line.replaceFirst("^#(?! )", ""))
                .collect(Collectors.joining("\n"));
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(Files.readString(COMMITTED));
    }

    private static JsonNode yaml(String text) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(text);
    }
}
