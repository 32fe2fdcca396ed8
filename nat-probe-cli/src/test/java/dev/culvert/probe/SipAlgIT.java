package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nat-probe sip} behind a real NAT: without an ALG, with that of the Linux kernel, and with bad ones. */
class SipAlgIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kernel's helper takes whatever goes to port 5060. */
    private static final String KERNEL_HELPER = "table ip alg { ct helper sip-udp { type \"sip\" protocol udp; };"
            + " ct helper sip-tcp { type \"sip\" protocol tcp; };"
            + " chain pre { type filter hook prerouting priority filter;"
            + " udp dport 5060 ct helper set \"sip-udp\"; tcp dport 5060 ct helper set \"sip-tcp\"; }; }\n";

    private static final String REDIRECT = "table ip alg { chain pre { type nat hook prerouting priority dstnat;"
            + " iifname \"l0\" udp dport 5060 redirect to :15060;"
            + " iifname \"l0\" tcp dport 5060 redirect to :15060; }; }\n";

    @TempDir
    private Path logs;

    @BeforeAll
    static void namespacesWork() {
        Requirements.root();
        for (String command : List.of("unshare", "nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
    }

    @Test
    void behindAPlainNatThereIsNone() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            startServer(net);

            JsonNode report = probe(net, 0);

            assertThat(report.path("verdict").asText()).isEqualTo("none");
            assertThat(report.findValuesAsText("outcome")).hasSize(8).containsOnly("answered");
            assertThat(report.findValues("changes"))
                    .allSatisfy(changes -> assertThat(changes).isEmpty());
            assertThat(attempt(report, "INVITE", "udp", 5060).at("/rport/ip").asText())
                    .isEqualTo(NatLab.ROUTER_ADDRESS);
        }
    }

    @Test
    void thatOfTheKernelIsNamedWithWhatItRewrote() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            requireKernelHelper(net);
            startServer(net);
            net.router().nft(KERNEL_HELPER);

            JsonNode report = probe(net, 0);

            assertThat(report.path("verdict").asText()).isEqualTo("helpful");
            assertThat(places(attempt(report, "INVITE", "udp", 5060)))
                    .contains("Via", "Contact", "o=", "c=", "Content-Length");
            assertThat(places(attempt(report, "OPTIONS", "tcp", 5060))).contains("Via", "Contact");
            assertThat(places(attempt(report, "INVITE", "udp", 3478))).isEmpty();
        }
    }

    @Test
    void oneThatForgetsContentLengthIsBreaking() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            startServer(net);
            startStandIn(net, SipAlgStandIn.Mode.FORGETS_CONTENT_LENGTH);

            JsonNode report = probe(net, 20);

            assertThat(report.path("verdict").asText()).isEqualTo("breaking");
            assertThat(faults(attempt(report, "INVITE", "udp", 5060))).containsExactly("content-length");
            assertThat(faults(attempt(report, "INVITE", "tcp", 5060))).containsExactly("content-length");
            assertThat(faults(attempt(report, "OPTIONS", "udp", 5060))).isEmpty();
            assertThat(report.path("meaning").asText()).contains("3478 is left alone");
        }
    }

    @Test
    void oneThatLeavesTheSdpIsBreaking() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            startServer(net);
            startStandIn(net, SipAlgStandIn.Mode.LEAVES_SDP);

            JsonNode report = probe(net, 20);

            assertThat(faults(attempt(report, "INVITE", "udp", 5060))).containsExactly("partial");
        }
    }

    @Test
    void requestsThatVanishAtOnePortAloneAreTold() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED)) {
            startServer(net);
            startStandIn(net, SipAlgStandIn.Mode.SWALLOWS);

            JsonNode report = probe(net, 20);

            assertThat(report.path("faults").findValuesAsText("kind")).containsOnly("vanished");
            assertThat(report.path("faults").findValuesAsText("detail"))
                    .contains("INVITE over udp to port 5060 vanishes, but INVITE over udp to port 3478 comes through");
        }
    }

    private static void requireKernelHelper(NatLab net) {
        LabCommand known = net.client()
                .run("sh", "-c", "echo 'table ip t { ct helper h { type \"sip\" protocol udp; }; }' | nft -c -f -");
        if (Boolean.parseBoolean(System.getenv("TESTS_REQUIRE_ALL"))) {
            known.check();
        }
        Assumptions.assumeThat(known.exit())
                .as("skipped: this kernel has no SIP helper: " + known.err())
                .isZero();
    }

    private void startServer(NatLab net) {
        Programs.startStunServer(
                net.outside(),
                logs.resolve("stun-server.log"),
                "--sip-reflector --threads 1 --no-admin"
                        + " --listen udp:203.0.113.1:3478 --listen tcp:203.0.113.1:3478"
                        + " --listen udp:203.0.113.1:5060 --listen tcp:203.0.113.1:5060");
    }

    private void startStandIn(NatLab net, SipAlgStandIn.Mode mode) {
        Path log = logs.resolve("stand-in.log");
        String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
        net.router()
                .start(
                        log,
                        Programs.JAVA,
                        "-cp",
                        classes,
                        SipAlgStandIn.class.getName(),
                        "15060",
                        "203.0.113.1",
                        NatLab.ROUTER_ADDRESS,
                        mode.name());
        Programs.awaitReady(log);
        net.router().nft(REDIRECT);
    }

    private static JsonNode probe(NatLab net, int exit) throws IOException {
        LabCommand told = net.client().run(Programs.natProbe("sip", "--json", "203.0.113.1"));
        assertThat(told.exit()).as(told.out() + told.err()).isEqualTo(exit);
        assertThat(SchemaCheck.problems("nat-probe.sip.schema.json", told.out()))
                .isEmpty();
        return JSON.readTree(told.out());
    }

    private static JsonNode attempt(JsonNode report, String method, String transport, int port) {
        for (JsonNode attempt : report.path("attempts")) {
            if (attempt.path("method").asText().equals(method)
                    && attempt.path("transport").asText().equals(transport)
                    && attempt.path("port").asInt() == port) {
                return attempt;
            }
        }
        throw new AssertionError("no " + method + " over " + transport + " to " + port + " in " + report);
    }

    private static List<String> places(JsonNode attempt) {
        return attempt.path("changes").findValuesAsText("place");
    }

    private static List<String> faults(JsonNode attempt) {
        return new ArrayList<>(attempt.path("faults").findValuesAsText("kind"));
    }
}
