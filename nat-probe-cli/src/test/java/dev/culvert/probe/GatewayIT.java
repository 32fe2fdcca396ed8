package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nat-probe gateway} behind a router that runs miniupnpd. */
class GatewayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String ECHO = """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(('', 5000))
            while True:
              data, peer = s.recvfrom(100)
              s.sendto(data, peer)
            """;

    @TempDir
    private Path folder;

    private RouterLab lab;
    private LabHost client;

    @BeforeAll
    static void routerCanBeBuilt() {
        RouterLab.require();
    }

    @BeforeEach
    void build() {
        lab = new RouterLab(folder);
        client = lab.client();
    }

    @AfterEach
    void takeDown() {
        lab.close();
    }

    private static String[] natProbe(String... arguments) {
        List<String> words = new ArrayList<>(List.of("gateway", "--json"));
        words.addAll(List.of(arguments));
        return Programs.natProbe(words.toArray(String[]::new));
    }

    private static JsonNode json(String text) throws IOException {
        assertThat(SchemaCheck.problems("nat-probe.gateway.schema.json", text)).isEmpty();
        return new ObjectMapper().readTree(text);
    }

    @Test
    void tellsWhatTheRouterOffersAndMapsNothing() throws IOException {
        lab.startRouterDaemon();
        Programs.startStunServer(
                lab.outside(), folder.resolve("stun-server.log"), "--listen udp:192.0.1.1:3478 --no-admin");
        String before = lab.table();

        LabCommand told = client.run(natProbe("192.0.1.1"));

        JsonNode report = json(told.out());
        assertThat(told.exit()).as(told.out() + told.err()).isZero();
        assertThat(report.path("protocols").findValuesAsText("offered")).containsExactly("true", "true", "true");
        assertThat(report.path("external").asText()).isEqualTo("192.0.1.2");
        assertThat(report.path("upstream").asText()).isEqualTo("none");
        assertThat(report.path("router").path("description").asText()).isNotEmpty();
        assertThat(client.run("upnpc", "-s").check().out()).contains("ExternalIPAddress = 192.0.1.2");
        assertThat(lab.table()).isEqualTo(before).doesNotContain("192.168.7.2");
    }

    @ParameterizedTest
    @CsvSource({"pcp, ''", "nat-pmp, '@th,64,8 2'", "upnp-igd, '@th,64,8 0-2'"})
    void aMappedPortIsReachedFromOutsideAndGoneAtTheEnd(String protocol, String firstByteDropped) throws Exception {
        lab.startRouterDaemon();
        if (!firstByteDropped.isEmpty()) {
            lab.dropRequests(firstByteDropped);
        }
        client.start(folder.resolve("echo.log"), "python3", "-c", ECHO);
        Path out = folder.resolve("nat-probe.json");

        Process probe = client.start(out, natProbe("--map", "5000"));
        Awaitility.await().atMost(PATIENCE).until(() -> Files.readString(out).contains("\"exit\""));

        JsonNode mapping = json(Files.readString(out)).path("mapping");
        assertThat(mapping.path("protocol").asText()).isEqualTo(protocol);
        int port = mapping.path("external").path("port").asInt();
        assertThat(mapping.path("external").path("ip").asText()).isEqualTo("192.0.1.2");
        assertThat(lab.table()).contains("192.168.7.2");
        assertThat(lab.isReachedFromOutside(port)).isTrue();

        probe.destroy();
        probe.waitFor();

        assertThat(lab.table()).doesNotContain("192.168.7.2");
        assertThat(client.run("upnpc", "-l").out()).doesNotContain("192.168.7.2:5000");
        assertThat(lab.isReachedFromOutside(port)).isFalse();
    }

    @Test
    void aRestartedRouterGetsTheMappingAgain() throws Exception {
        Process daemon = lab.startRouterDaemon();
        Path out = folder.resolve("nat-probe.json");
        client.start(out, natProbe("--map", "5000"));
        Awaitility.await().atMost(PATIENCE).until(() -> Files.readString(out).contains("\"exit\""));
        // RFC 6887 §8.5 lets clocks differ by two seconds: a restart within them cannot be told.
        Awaitility.await().atMost(PATIENCE).until(() -> epochOfRouter() > 5);

        daemon.destroy();
        daemon.waitFor();
        lab.router()
                .run("nft", "flush", "chain", "inet", "filter", "prerouting_miniupnpd")
                .check();
        lab.router().run("nft", "flush", "chain", "inet", "filter", "miniupnpd").check();
        assertThat(lab.table()).doesNotContain("192.168.7.2");
        lab.startRouterDaemon();

        Awaitility.await("the mapping to be made again")
                .atMost(PATIENCE)
                .until(() -> lab.table().contains("192.168.7.2"));
    }

    /** For how many seconds its daemon has been there. */
    private int epochOfRouter() {
        String told = client.run("natpmpc", "-g", "192.168.7.1").check().out();
        return Integer.parseInt(told.replaceAll("(?s).*epoch = ([0-9]+).*", "$1"));
    }

    @Test
    void aRouterWithoutTheDaemonIsSilent() throws IOException {
        LabCommand told = client.run(natProbe());

        assertThat(told.exit()).isEqualTo(30);
        assertThat(json(told.out()).path("protocols").findValuesAsText("offered"))
                .containsExactly("false", "false", "false");
    }

    @Test
    void forThatLongAMappingIsHeld() throws IOException {
        lab.startRouterDaemon();

        LabCommand told = client.run(natProbe("--map", "5000", "--transport", "tcp", "--for", "1s"));

        assertThat(told.exit()).as(told.out() + told.err()).isZero();
        assertThat(json(told.out()).path("mapping").path("transport").asText()).isEqualTo("tcp");
        assertThat(lab.table()).doesNotContain("192.168.7.2");
    }
}
