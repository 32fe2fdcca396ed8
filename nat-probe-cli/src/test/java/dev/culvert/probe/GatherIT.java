package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nat-probe gather} behind a real NAT, with a VPN that leads nowhere, asking coturn and a server that is none. */
class GatherIT {
    private static final String NAT_PROBE = System.getProperty("culvert.nat-probe.jar");

    private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    @TempDir
    private Path logs;

    @BeforeAll
    static void namespacesWork() {
        Requirements.root();
        for (String command : List.of("unshare", "nsenter", "ip", "nft", "turnserver")) {
            Requirements.command(command);
        }
    }

    @Test
    void deadVpnAndDeadServerDelayNothing() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.PORT_RESTRICTED_CONE)) {
            startCoturn(net.outside());
            leadNowhere(net.client());

            LabCommand told = net.client()
                    .run((Programs.JAVA + " -XX:TieredStopAtLevel=1 -cp " + NAT_PROBE + ":" + TEST_CLASSES
                                    + " dev.culvert.probe.GatherRuns"
                                    + " gather --json -4 --user alice --password wonderland"
                                    + " turn:203.0.113.1 stun:203.0.113.3 turn:203.0.113.3")
                            .split(" "));

            assertThat(told.exit()).as("%s%n%s", told.out(), told.err()).isZero();
            JsonNode runs = new ObjectMapper().readTree(told.out());
            JsonNode whole = runs.get(runs.size() - 1);
            System.out.println("first usable, ms: " + runs.findValuesAsText("first_usable_ms") + ", settled, ms: "
                    + runs.findValuesAsText("settled_ms"));
            assertThat(whole.at("/candidates").findValuesAsText("type"))
                    .as("%s%n%s", told.out(), told.err())
                    .containsExactlyInAnyOrder("host", "host", "srflx", "relay");
            assertThat(whole.at("/failures")).as(told.out()).hasSize(4);
            double fastest = runs.findValuesAsText("first_usable_ms").stream()
                    .mapToDouble(Double::parseDouble)
                    .min()
                    .orElseThrow();
            assertThat(fastest).as(told.out()).isLessThanOrEqualTo(300);
        }
    }

    private void startCoturn(LabHost outside) throws IOException {
        Path log = logs.resolve("coturn.log");
        String coturn = "turnserver -n --lt-cred-mech --user alice:wonderland --realm example.org --no-cli --no-tls"
                + " --no-dtls --listening-ip 203.0.113.3 --relay-ip 203.0.113.3 --pidfile /dev/null"
                + " --log-file stdout --simple-log";
        outside.start(log, coturn.split(" "));
        Awaitility.await("coturn to be ready: " + log)
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        outside.run("ss", "-Hlun", "sport", "=", ":3478").out().contains("203.0.113.3:3478"));
        assertThat(Files.exists(log)).isTrue();
    }

    /** What is sent from 10.8.0.2 goes to where nobody listens. */
    private static void leadNowhere(LabHost client) {
        client.run("ip", "link", "add", "vpn0", "type", "veth", "peer", "name", "nowhere0")
                .check();
        client.run("ip", "link", "set", "vpn0", "up").check();
        client.run("ip", "link", "set", "nowhere0", "up").check();
        client.address("vpn0", "10.8.0.2/24");
        client.run("ip", "route", "add", "default", "dev", "vpn0", "table", "100")
                .check();
        client.run("ip", "rule", "add", "from", "10.8.0.2", "lookup", "100").check();
    }
}
