package dev.culvert.relay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.culvert.relay.Invocation;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.RelayMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeFileTest {
    private static final String HOST = "turn-relay";
    private static final String PUBLISHED = "turn-relay-published";

    @TempDir
    Path directory;

    private ContainerRoot root = new ContainerRoot(Path.of(""));
    private JsonNode services = MissingNode.getInstance();

    @BeforeEach
    void read() throws IOException {
        services = DeployFiles.documents("compose/compose.yaml").get(0).path("services");
        root = new ContainerRoot(directory);
        root.put("/etc/culvert/turn-relay.yaml", DeployFiles.text("compose/turn-relay.yaml"));
        root.put("/etc/culvert/secret", "north\n");
    }

    private Invocation start(String service, Map<String, String> shell) {
        Map<String, String> environment = new LinkedHashMap<>();
        services.path(service)
                .path("environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), substituted(variable.getValue().asText(), shell)));
        return root.run(environment, DeployFiles.texts(services.path(service).path("command")));
    }

    /** {@code ${NAME:-otherwise}}. */
    private static String substituted(String text, Map<String, String> shell) {
        String name = text.replaceFirst("^\\$\\{([A-Z_]+):-.*", "$1");
        return shell.getOrDefault(name, text.replaceFirst("^\\$\\{[A-Z_]+:-(.*)}$", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, PUBLISHED})
    void aServiceIsHardenedAndEndsInPeace(String service) {
        JsonNode described = services.path(service);
        RelayConfig config =
                start(service, Map.of("PUBLIC_ADDRESS", "203.0.113.5")).config();

        assertThat(described.path("read_only").asBoolean()).isTrue();
        assertThat(described.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(described.path("security_opt").toString()).isEqualTo("[\"no-new-privileges:true\"]");
        assertThat(described.at("/ulimits/nofile").asInt())
                .isGreaterThan(config.server().connections().max());
        assertThat(Duration.parse("PT" + described.path("stop_grace_period").asText()))
                .isGreaterThan(config.server().drainTimeout().plusSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, PUBLISHED})
    void theHealthCheckAsksTheAdminServer(String service) {
        RelayConfig config =
                start(service, Map.of("PUBLIC_ADDRESS", "203.0.113.5")).config();

        assertThat(DeployFiles.texts(services.path(service).at("/healthcheck/test")))
                .containsExactly(
                        "CMD",
                        "wget",
                        "-q",
                        "-O",
                        "/dev/null",
                        "http://" + config.server().admin().address().orElseThrow() + "/health/ready");
    }

    @Test
    void whatIsPublishedIsWhatTheRelayUses() {
        RelayConfig config =
                start(PUBLISHED, Map.of("PUBLIC_ADDRESS", "203.0.113.5")).config();
        int min = config.addresses().minPort();
        int max = config.addresses().maxPort();
        List<String> ports = DeployFiles.texts(services.path(PUBLISHED).path("ports"));

        assertThat(config.protocol().mode()).isEqualTo(RelayMode.SHARED);
        assertThat(max - min + 1).isEqualTo(16 * config.server().threads());
        assertThat(ports).contains(min + "-" + max + ":" + min + "-" + max + "/udp");
        config.server()
                .listeners()
                .forEach(listener -> assertThat(ports)
                        .contains(listener.port() + ":" + listener.port() + "/"
                                + listener.transport().name().toLowerCase(Locale.ROOT)));
        assertThat(config.addresses().external()).hasSize(1);
    }

    @Test
    void withoutAPublicAddressThePublishedRelayDoesNotStart() {
        Invocation failed = start(PUBLISHED, Map.of());

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.errors())
                .singleElement()
                .asString()
                .contains("CULVERT_EXTERNAL_ADDRESS \"PUBLIC_ADDRESS-is-not-set\"");
    }

    @Test
    void onTheHostsNetworkEachAllocationHasAPortOfItsOwn() {
        assertThat(services.path(HOST).path("network_mode").asText()).isEqualTo("host");
        assertThat(services.path(HOST).has("ports")).isFalse();
        assertThat(start(HOST, Map.of()).config().protocol().mode()).isEqualTo(RelayMode.EXCLUSIVE);
    }
}
