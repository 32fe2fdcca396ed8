package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
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

/**
 * {@code nat-probe gateway} behind a router that runs miniupnpd.
 *
 * <pre>
 *   client ── l0 router w0 ── outside
 *   192.168.7.2    192.0.1.2   192.0.1.1
 * </pre>
 */
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

    private static final String CALL = """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(2)
            s.sendto(b'hello', (sys.argv[1], int(sys.argv[2])))
            print(s.recv(100).decode())
            """;

    @TempDir
    private Path folder;

    private NamespaceLab lab;
    private LabHost client;
    private LabHost router;
    private LabHost outside;

    @BeforeAll
    static void routerCanBeBuilt() {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft", "python3", "miniupnpd", "upnpc", "natpmpc")) {
            Requirements.command(command);
        }
    }

    @BeforeEach
    void build() {
        lab = NamespaceLab.open();
        client = lab.host("client");
        router = lab.host("router");
        outside = lab.host("outside");
        lab.cable(client, "c0", router, "l0");
        lab.cable(router, "w0", outside, "p0");
        client.address("c0", "192.168.7.2/24").defaultRoute("192.168.7.1");
        // miniupnpd takes no private and no documentation address for a public one.
        router.address("l0", "192.168.7.1/24").address("w0", "192.0.1.2/24").sysctl("net.ipv4.ip_forward", "1");
        outside.address("p0", "192.0.1.1/24");
        router.nft("table ip translation { chain post { type nat hook postrouting priority srcnat;"
                + " oifname \"w0\" masquerade; }; }\n"
                + "table inet filter { chain forward { type filter hook forward priority filter; policy drop;"
                + " jump miniupnpd; iifname \"l0\" accept; ct state established,related accept; };"
                + " chain miniupnpd {}; chain prerouting { type nat hook prerouting priority dstnat;"
                + " jump prerouting_miniupnpd; }; chain prerouting_miniupnpd {};"
                + " chain postrouting { type nat hook postrouting priority srcnat; jump postrouting_miniupnpd; };"
                + " chain postrouting_miniupnpd {}; }\n");
    }

    @AfterEach
    void takeDown() {
        lab.close();
    }

    private Process startRouterDaemon() throws IOException {
        Path configuration = folder.resolve("miniupnpd.conf");
        Files.writeString(configuration, """
                ext_ifname=w0
                listening_ip=l0
                enable_natpmp=yes
                enable_upnp=yes
                secure_mode=yes
                system_uptime=no
                uuid=d2fe99e7-8c12-4e8c-a775-c6cb565ed086
                allow 1024-65535 192.168.7.0/24 1024-65535
                deny 0-65535 0.0.0.0/0 0-65535
                """);
        Path log = folder.resolve("miniupnpd.log");
        String command = "miniupnpd -d -f " + configuration + " -P " + folder.resolve("miniupnpd.pid");
        Process daemon = router.start(log, command.split(" "));
        Awaitility.await("miniupnpd to answer, see " + log)
                .atMost(PATIENCE)
                .until(() -> client.run("natpmpc", "-g", "192.168.7.1").exit() == 0);
        return daemon;
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

    private String table() {
        return router.run("nft", "list", "table", "inet", "filter").check().out();
    }

    @Test
    void tellsWhatTheRouterOffersAndMapsNothing() throws IOException {
        startRouterDaemon();
        Programs.startStunServer(outside, folder.resolve("stun-server.log"), "--listen udp:192.0.1.1:3478 --no-admin");
        String before = table();

        LabCommand told = client.run(natProbe("192.0.1.1"));

        JsonNode report = json(told.out());
        assertThat(told.exit()).as(told.out() + told.err()).isZero();
        assertThat(report.path("protocols").findValuesAsText("offered")).containsExactly("true", "true", "true");
        assertThat(report.path("external").asText()).isEqualTo("192.0.1.2");
        assertThat(report.path("upstream").asText()).isEqualTo("none");
        assertThat(report.path("router").path("description").asText()).isNotEmpty();
        assertThat(client.run("upnpc", "-s").check().out()).contains("ExternalIPAddress = 192.0.1.2");
        assertThat(table()).isEqualTo(before).doesNotContain("192.168.7.2");
    }

    @ParameterizedTest
    @CsvSource({"pcp, ''", "nat-pmp, '@th,64,8 2'", "upnp-igd, '@th,64,8 0-2'"})
    void aMappedPortIsReachedFromOutsideAndGoneAtTheEnd(String protocol, String firstByteDropped) throws Exception {
        startRouterDaemon();
        if (!firstByteDropped.isEmpty()) {
            router.nft("table ip refusal { chain inp { type filter hook input priority filter; udp dport 5351 "
                    + firstByteDropped + " drop; }; }\n");
        }
        client.start(folder.resolve("echo.log"), "python3", "-c", ECHO);
        Path out = folder.resolve("nat-probe.json");

        Process probe = client.start(out, natProbe("--map", "5000"));
        Awaitility.await().atMost(PATIENCE).until(() -> Files.readString(out).contains("\"exit\""));

        JsonNode mapping = json(Files.readString(out)).path("mapping");
        assertThat(mapping.path("protocol").asText()).isEqualTo(protocol);
        String port = mapping.path("external").path("port").asText();
        assertThat(mapping.path("external").path("ip").asText()).isEqualTo("192.0.1.2");
        assertThat(table()).contains("192.168.7.2");
        assertThat(outside.run("python3", "-c", CALL, "192.0.1.2", port).check().out())
                .isEqualTo("hello\n");

        probe.destroy();
        probe.waitFor();

        assertThat(table()).doesNotContain("192.168.7.2");
        assertThat(client.run("upnpc", "-l").out()).doesNotContain("192.168.7.2:5000");
        assertThat(outside.run("python3", "-c", CALL, "192.0.1.2", port).exit()).isNotZero();
    }

    @Test
    void aRestartedRouterGetsTheMappingAgain() throws Exception {
        Process daemon = startRouterDaemon();
        Path out = folder.resolve("nat-probe.json");
        client.start(out, natProbe("--map", "5000"));
        Awaitility.await().atMost(PATIENCE).until(() -> Files.readString(out).contains("\"exit\""));
        // RFC 6887 §8.5 lets clocks differ by two seconds: a restart within them cannot be told.
        Awaitility.await().atMost(PATIENCE).until(() -> epochOfRouter() > 5);

        daemon.destroy();
        daemon.waitFor();
        router.run("nft", "flush", "chain", "inet", "filter", "prerouting_miniupnpd")
                .check();
        router.run("nft", "flush", "chain", "inet", "filter", "miniupnpd").check();
        assertThat(table()).doesNotContain("192.168.7.2");
        startRouterDaemon();

        Awaitility.await("the mapping to be made again").atMost(PATIENCE).until(() -> table().contains("192.168.7.2"));
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
        startRouterDaemon();

        LabCommand told = client.run(natProbe("--map", "5000", "--transport", "tcp", "--for", "1s"));

        assertThat(told.exit()).as(told.out() + told.err()).isZero();
        assertThat(json(told.out()).path("mapping").path("transport").asText()).isEqualTo("tcp");
        assertThat(table()).doesNotContain("192.168.7.2");
    }
}
