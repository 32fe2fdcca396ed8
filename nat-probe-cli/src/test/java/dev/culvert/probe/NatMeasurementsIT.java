package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LinuxNat;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that look at one property of a NAT, behind real ones: what they say is what the NAT does. */
@Execution(ExecutionMode.CONCURRENT)
class NatMeasurementsIT {
    private static final String RUNGS = "1s,2s,4s,5s,6s,8s,9s";

    @TempDir
    private Path logs;

    @BeforeAll
    static void namespacesWork() {
        LabServers.require();
    }

    private static JsonNode json(LabCommand told, String schema) throws IOException {
        assertThat(told.out()).as(told.err()).startsWith("{");
        assertThat(SchemaCheck.problems(schema, told.out())).isEmpty();
        return new ObjectMapper().readTree(told.out());
    }

    private static NatLab forgetful() {
        NatLab net = NatLab.behind(LinuxNat.MASQUERADE_INPUT_DROPPED);
        net.router()
                .sysctl("net.netfilter.nf_conntrack_udp_timeout", "3")
                .sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "7");
        return net;
    }

    /** Ours, and coturn. */
    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.1", "203.0.113.3"})
    void lifetimeTellsThreeSecondsFromSevenAndSaysTheKeepalive(String server) throws IOException {
        try (NatLab net = forgetful()) {
            LabServers.start(net.outside(), logs);

            LabCommand told = LabServers.natProbe(net.client(), "lifetime", "--json", "--rungs", RUNGS, server);

            JsonNode report = json(told, "nat-probe.lifetime.schema.json");
            assertThat(report.at("/method").asText()).as(told.out()).isEqualTo("response-port");
            assertThat(report.at("/fresh/at_least_s").asInt()).as(told.out()).isEqualTo(2);
            assertThat(report.at("/fresh/less_than_s").asInt()).as(told.out()).isEqualTo(4);
            assertThat(report.at("/stream/at_least_s").asInt()).as(told.out()).isEqualTo(6);
            assertThat(report.at("/stream/less_than_s").asInt()).as(told.out()).isEqualTo(8);
            assertThat(report.at("/keepalive/interval_s").asInt()).isEqualTo(1);
            assertThat(report.at("/keepalive/in_streams_s").asInt()).isEqualTo(3);
            assertThat(told.exit()).isZero();
        }
    }

    @Test
    void lifetimeInWordsNamesIntervalsAndKeepalive() {
        try (NatLab net = forgetful()) {
            LabServers.start(net.outside(), logs);

            LabCommand told =
                    LabServers.natProbe(net.client(), "lifetime", "--explain", "--rungs", RUNGS, "203.0.113.1");

            assertThat(told.out())
                    .as(told.err())
                    .contains("Fresh: ≥ 2 s, < 4 s")
                    .contains("Stream: ≥ 6 s, < 8 s")
                    .contains("Keepalive: every 1 s; every 3 s is enough once traffic has gone both ways")
                    .contains("too long for this NAT");
            assertThat(told.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HAIRPIN, external-source, true, 0",
        "MASQUERADE_INPUT_DROPPED, none, false, 10",
        "NONE, not-needed, false, 0"
    })
    void hairpinSaysWhatTheRouterDoes(LinuxNat nat, String expected, boolean bothWays, int exit) throws IOException {
        try (NatLab net = NatLab.behind(nat)) {
            LabServers.start(net.outside(), logs);

            LabCommand told = LabServers.natProbe(net.client(), "hairpin", "--json", "203.0.113.1");

            JsonNode report = json(told, "nat-probe.hairpin.schema.json");
            assertThat(report.at("/hairpinning").asText()).as(told.out()).isEqualTo(expected);
            assertThat(report.at("/both_ways").asBoolean()).as(told.out()).isEqualTo(bothWays);
            assertThat(told.exit()).isEqualTo(exit);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MASQUERADE_INPUT_DROPPED, preserved, true",
        "SYMMETRIC_SEQUENTIAL, sequential, true",
        "SYMMETRIC_RANDOM, scattered, false",
        "PORTS_NOT_PRESERVED, scattered, false",
        "NONE, none, true"
    })
    void portsNamesTheRule(LinuxNat nat, String assignment, boolean predictable) throws IOException {
        try (NatLab net = NatLab.behind(nat)) {
            LabServers.start(net.outside(), logs);

            LabCommand told = LabServers.natProbe(net.client(), "ports", "--json", "203.0.113.1");

            JsonNode report = json(told, "nat-probe.ports.schema.json");
            assertThat(report.at("/assignment").asText()).as(told.out()).isEqualTo(assignment);
            assertThat(report.at("/predictable").asBoolean()).isEqualTo(predictable);
            assertThat(report.at("/samples")).hasSize(32);
            assertThat(report.at("/overloading").asBoolean()).isFalse();
            assertThat(told.exit()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"FRAGMENTS_DROPPED, dropped, unknown", "MASQUERADE_INPUT_DROPPED, pass, pass"})
    void classificationTellsWhetherFragmentsPass(LinuxNat nat, String out, String in) throws IOException {
        try (NatLab net = NatLab.behind(nat)) {
            LabServers.start(net.outside(), logs);

            LabCommand told = LabServers.natProbe(net.client(), "--json", "203.0.113.1", "203.0.113.3");

            JsonNode report = json(told, "nat-probe.schema.json");
            assertThat(report.at("/fragments/out").asText()).as(told.out()).isEqualTo(out);
            assertThat(report.at("/fragments/in").asText()).as(told.out()).isEqualTo(in);
            assertThat(report.at("/verdict/classic").asText()).isEqualTo("port-restricted-cone");
        }
    }

    @Test
    void prefixTranslationIsNamed() throws IOException {
        try (NatLab net = NatLab.behind(LinuxNat.IPV6_PREFIX)) {
            net.outside()
                    .run("ip", "-6", "route", "add", "2001:db8:77::/64", "via", "2001:db8:1::10")
                    .check();
            LabServers.start(net.outside(), logs);

            LabCommand told = LabServers.natProbe(net.client(), "--json", "[2001:db8:1::1]", "[2001:db8:1::3]");

            JsonNode report = json(told, "nat-probe.schema.json");
            assertThat(report.at("/external/0/ip").asText()).as(told.out()).isEqualTo("2001:db8:77::2");
            assertThat(report.at("/findings/0/kind").asText()).as(told.out()).isEqualTo("nptv6");
            assertThat(report.at("/verdict/mapping").asText()).isEqualTo("endpoint-independent");
        }
    }
}
