package dev.culvert.relay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.RelayMode;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KubernetesManifestsTest {
    private static final int LONGEST_HOOK_SECONDS = 30;

    @TempDir
    Path directory;

    /** The two ways to run relays. */
    enum Form {
        HOST_NETWORK("host-network.yaml", List.of("turn-relay-x7k2p")),
        LOAD_BALANCER("load-balancer.yaml", List.of("turn-relay-0", "turn-relay-1"));

        private final String file;
        private final List<String> pods;

        Form(String file, List<String> pods) {
            this.file = file;
            this.pods = pods;
        }

        Manifests read() throws IOException {
            return Manifests.read("kubernetes/" + file);
        }
    }

    private List<RelayConfig> configurations(Form form) throws IOException {
        Manifests manifests = form.read();
        ContainerRoot root = manifests.container(directory);
        List<RelayConfig> all = new ArrayList<>();
        for (String pod : form.pods) {
            all.add(root.run(manifests.environment(pod), manifests.arguments(pod))
                    .config());
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void theRelayTakesTheConfigurationOfEveryPod(Form form) throws IOException {
        assertThat(configurations(form)).hasSameSizeAs(form.pods);
    }

    @ParameterizedTest
    @EnumSource
    void thePortsAreThoseOnWhichTheRelayListens(Form form) throws IOException {
        Set<String> declared = new TreeSet<>();
        form.read()
                .relay()
                .path("ports")
                .forEach(port -> declared.add(port.path("protocol").asText() + " "
                        + port.path("containerPort").asInt()));

        for (RelayConfig config : configurations(form)) {
            Set<String> listening = new TreeSet<>();
            config.server()
                    .listeners()
                    .forEach(listener ->
                            listening.add((listener.transport() == Transport.UDP ? "UDP " : "TCP ") + listener.port()));
            listening.add("TCP " + admin(config).port());
            assertThat(declared).isEqualTo(listening);
        }
    }

    private static TransportAddress admin(RelayConfig config) {
        return config.server().admin().address().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void probesAndHookAskTheAdminServerWhereThePodHasIt(Form form) throws IOException {
        JsonNode relay = form.read().relay();
        String hook = String.join(" ", DeployFiles.texts(relay.at("/lifecycle/preStop/exec/command")));

        assertThat(relay.at("/readinessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/health/ready\",\"port\":\"admin\"}");
        assertThat(relay.at("/livenessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/health/live\",\"port\":\"admin\"}");
        assertThat(hook).contains("\"http://$CULVERT_ADMIN/api/v1/drain\"", "Content-Type: application/json");
        for (RelayConfig config : configurations(form)) {
            assertThat(admin(config)).hasToString(Manifests.POD_IP + ":9641");
            assertThat(config.server().admin().tokenFile().orElseThrow()).endsWith("/etc/culvert/secrets/admin-token");
            assertThat(hook).contains("$(cat /etc/culvert/secrets/admin-token)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPodHasMoreTimeToEndThanItsDrainTakes(Form form) throws IOException {
        long grace = form.read().pod().path("terminationGracePeriodSeconds").asLong();

        for (RelayConfig config : configurations(form)) {
            assertThat(grace)
                    .isGreaterThanOrEqualTo(config.server().drainTimeout().toSeconds() + LONGEST_HOOK_SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPodMayDoNothingBeyondItsWork(Form form) throws IOException {
        JsonNode pod = form.read().pod();
        JsonNode container = form.read().relay().path("securityContext");

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
    }

    @ParameterizedTest
    @EnumSource
    void whatOneObjectNamesAnotherOneIs(Form form) throws IOException {
        Manifests manifests = form.read();
        List<String> volumes = manifests.pod().path("volumes").findValuesAsText("name");
        List<String> selectors = new ArrayList<>();
        manifests
                .documents()
                .forEach(document ->
                        document.findValues("matchLabels").forEach(labels -> selectors.add(labels.toString())));

        assertThat(volumes).contains("config", "secrets");
        assertThat(Files.readString(Path.of("..", "docs", "containers.md")))
                .contains(manifests.secretKeys().stream()
                        .map(key -> "--from-literal=" + key + "=\"$(openssl rand -hex 32)\"")
                        .toList());
        manifests
                .relay()
                .path("volumeMounts")
                .forEach(
                        mount -> assertThat(volumes).contains(mount.path("name").asText()));
        assertThat(selectors)
                .isNotEmpty()
                .containsOnly(manifests
                        .workload()
                        .at("/spec/template/metadata/labels")
                        .toString());
        assertThat(manifests.relay().path("image").asText()).startsWith("culvert:");
    }

    @Test
    void eachRelayHasALoadBalancerOfItsOwnWithItsListenersAndRelayPorts() throws IOException {
        List<JsonNode> balancers = Form.LOAD_BALANCER.read().all("Service").stream()
                .filter(service -> service.at("/spec/type").asText().equals("LoadBalancer"))
                .toList();
        List<RelayConfig> configurations = configurations(Form.LOAD_BALANCER);

        assertThat(balancers).hasSameSizeAs(configurations);
        for (int i = 0; i < balancers.size(); i++) {
            assertThat(balancers.get(i).at("/spec/selector").toString())
                    .isEqualTo("{\"statefulset.kubernetes.io/pod-name\":\"turn-relay-" + i + "\"}");
            assertThat(balancers.get(i).at("/spec/externalTrafficPolicy").asText())
                    .isEqualTo("Local");
            assertThat(ports(balancers.get(i))).containsExactlyElementsOf(expectedPorts(configurations.get(i)));
        }
    }

    private static List<String> ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        service.at("/spec/ports")
                .forEach(port -> ports.add(port.path("protocol").asText() + " "
                        + port.path("port").asInt() + " to "
                        + port.path("targetPort").asText()));
        return ports;
    }

    private static List<String> expectedPorts(RelayConfig config) {
        List<String> expected = new ArrayList<>(List.of("UDP 3478 to turn-udp", "TCP 3478 to turn-tcp"));
        IntStream.rangeClosed(config.addresses().minPort(), config.addresses().maxPort())
                .forEach(port -> expected.add("UDP " + port + " to " + port));
        return expected;
    }

    @Test
    void relaysBehindLoadBalancersShareTheirPortsAndSendClientsToEachOther() throws IOException {
        List<RelayConfig> configurations = configurations(Form.LOAD_BALANCER);

        for (int i = 0; i < configurations.size(); i++) {
            RelayConfig config = configurations.get(i);
            RelayConfig other = configurations.get(1 - i);
            int ports = config.addresses().maxPort() - config.addresses().minPort() + 1;
            assertThat(config.protocol().mode()).isEqualTo(RelayMode.SHARED);
            assertThat(ports).isEqualTo(16 * config.server().threads());
            assertThat(config.access().nonceKeys()).isPresent();
            assertThat(config.alternates())
                    .singleElement()
                    .satisfies(alternate -> assertThat(alternate.address().ip())
                            .isEqualTo(other.addresses().external().get(0).told()));
        }
    }

    @Test
    void prometheusFindsTheRelaysAndItsAlertsFindThem() throws IOException {
        JsonNode monitor =
                Manifests.read("kubernetes/monitoring.yaml").documents().get(0);
        JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
        Manifests relays = Form.HOST_NETWORK.read();

        assertThat(monitor.at("/spec/selector/matchLabels"))
                .isEqualTo(relays.workload().at("/spec/selector/matchLabels"));
        assertThat(relays.relay().path("ports").findValuesAsText("name"))
                .contains(endpoint.path("port").asText());
        assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
        assertThat(relays.secretKeys())
                .contains(endpoint.at("/authorization/credentials/key").asText());
        assertThat(DeployFiles.text("prometheus/culvert-alerts.yml")).contains("job=~\".*culvert.*\"");
        assertThat(monitor.at("/metadata/name").asText()).contains("culvert");
    }
}
