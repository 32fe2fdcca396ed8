package dev.culvert.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.culvert.testkit.SchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final Path COMMITTED = Path.of("..", "docs", "schema", "stun-server.config.schema.json");

    @Test
    void theSchemaInTheDocumentationIsTheGeneratedOne() throws IOException {
        assertThat(COMMITTED)
                .as("write it anew: bin/stun-server config --schema > docs/schema/stun-server.config.schema.json")
                .hasContent(Invocation.of("config", "--schema").out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen: [\"udp:*:3478\", \"tls:[2001:db8::5]:5349\"]",
                "listen: \"tcp:203.0.113.5:3478\"",
                "receipts: true",
                "threads: 4",
                "unauthenticated-rate: \"off\"",
                "unauthenticated-rate: 50",
                "unauthenticated-rate: 50/s",
                "idle-timeout: 10m",
                "admin: \"[::1]:9642\"",
                "no-admin: true",
                "log-level: debug",
                "{}"
            })
    void whatTheProgramTakesTheSchemaTakes(String yaml) throws IOException {
        assertThat(SchemaCheck.problems(schema(), yaml(yaml))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen: \"dtls:*:5349\"",
                "listen: [3478]",
                "receipts: often",
                "threads: many",
                "threads: 0",
                "threads: [4]",
                "unauthenticated-rate: 50/m",
                "idle-timeout: 10",
                "admin: true",
                "log-level: loud",
                "listne: \"udp:*:3478\""
            })
    void whatTheProgramRefusesTheSchemaRefuses(String yaml) throws IOException {
        assertThat(SchemaCheck.problems(schema(), yaml(yaml))).isNotEmpty();
    }

    @Test
    void configPrintsOneOfTheTwo() {
        assertThat(Invocation.of("config").err())
                .isEqualTo("stun-server: config: prints nothing by itself; give --example or --schema\n");
        assertThat(Invocation.of("config", "--example", "--schema").exitCode()).isEqualTo(2);
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(Files.readString(COMMITTED));
    }

    private static JsonNode yaml(String text) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(text);
    }
}
