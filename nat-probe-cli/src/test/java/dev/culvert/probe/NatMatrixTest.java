package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.FilteringBehavior;
import dev.culvert.ice.nat.FragmentBehavior.Fate;
import dev.culvert.ice.nat.MappingBehavior;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.SchemaCheck;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.Segment;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Help.Ansi;

/** Every kind of NAT, simulated, with our server outside and our discovery inside: the verdict is the truth. */
@Rfc({"5780#4.3", "5780#4.4", "4787#4.1", "4787#5"})
class NatMatrixTest {
    private static final int LOSSY_SEEDS = 25;

    private enum Truth {
        OPEN(NatType.OPEN, MappingBehavior.NONE, FilteringBehavior.ENDPOINT_INDEPENDENT, SimulatedNetwork::internet),
        FIREWALL(
                NatType.FIREWALL,
                MappingBehavior.NONE,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                net -> SimulatedNat.on(net.internet(), NatBehavior.firewallOnly())
                        .inside()),
        EIM_EIF(NatType.FULL_CONE, FilteringBehavior.ENDPOINT_INDEPENDENT, NatBehavior.fullCone()),
        EIM_ADF(NatType.RESTRICTED_CONE, FilteringBehavior.ADDRESS_DEPENDENT, NatBehavior.restrictedCone()),
        EIM_APDF(
                NatType.PORT_RESTRICTED_CONE,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                NatBehavior.portRestrictedCone()),
        EIM_RANDOM_PORTS(
                NatType.PORT_RESTRICTED_CONE,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                NatBehavior.portRestrictedCone().with(PortAssignment.random())),
        MASQUERADE_OPEN_INPUT(
                NatType.PORT_RESTRICTED_CONE,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                NatBehavior.linuxMasquerade(true)),
        MASQUERADE_CLOSED_INPUT(
                NatType.PORT_RESTRICTED_CONE,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                NatBehavior.linuxMasquerade(false)),
        ADM(MappingBehavior.ADDRESS_DEPENDENT, NatBehavior.addressDependentMapping()),
        APDM_RANDOM(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT, NatBehavior.symmetricRandom()),
        APDM_SEQUENTIAL(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT, NatBehavior.symmetricSequential()),
        UDP_BLOCKED(
                NatType.UDP_BLOCKED,
                MappingBehavior.BLOCKED,
                FilteringBehavior.UNKNOWN,
                net -> behind(net.internet(), NatBehavior.udpBlocked(), "203.0.113.10")),
        DOUBLE_NAT(
                NatType.PORT_RESTRICTED_CONE,
                MappingBehavior.ENDPOINT_INDEPENDENT,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                net -> behind(
                        behind(net.internet(), NatBehavior.fullCone(), "203.0.113.10"),
                        NatBehavior.portRestrictedCone(),
                        "100.64.0.2")),
        DOUBLE_NAT_SYMMETRIC_CARRIER(
                NatType.SYMMETRIC,
                MappingBehavior.ADDRESS_AND_PORT_DEPENDENT,
                FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                net -> behind(
                        behind(net.internet(), NatBehavior.symmetricRandom(), "203.0.113.10"),
                        NatBehavior.restrictedCone(),
                        "100.64.0.2"));

        private final NatType natType;
        private final MappingBehavior mapping;
        private final FilteringBehavior filtering;
        private final Function<SimulatedNetwork, Segment> build;

        Truth(
                NatType natType,
                MappingBehavior mapping,
                FilteringBehavior filtering,
                Function<SimulatedNetwork, Segment> build) {
            this.natType = natType;
            this.mapping = mapping;
            this.filtering = filtering;
            this.build = build;
        }

        Truth(NatType natType, FilteringBehavior filtering, NatBehavior nat) {
            this(
                    natType,
                    MappingBehavior.ENDPOINT_INDEPENDENT,
                    filtering,
                    net -> behind(net.internet(), nat, "203.0.113.10"));
        }

        Truth(MappingBehavior mapping, NatBehavior nat) {
            this(
                    NatType.SYMMETRIC,
                    mapping,
                    FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT,
                    net -> behind(net.internet(), nat, "203.0.113.10"));
        }

        private static Segment behind(Segment outside, NatBehavior nat, String publicAddress) {
            return SimulatedNat.on(outside, nat, publicAddress).inside();
        }
    }

    private static final class Lab {
        final SimulatedNetwork network;
        final SimulatedHost client;
        final TransportAddress server;

        Lab(Truth truth, long seed, double loss) {
            network = new SimulatedNetwork(seed);
            server = SimulatedServer.start(network, "198.51.100.1", "198.51.100.2", true);
            Segment inside = truth.build.apply(network);
            client = inside.host("client", truth == Truth.OPEN ? "203.0.113.77" : "192.168.7.2");
            client.link(Link.withLatency(Duration.ofMillis(10)).losing(loss));
        }

        NatReport probe(int sourcePort, StreamCheck.Result tcp) {
            return NatMatrixTest.probe(network, client, server, sourcePort, tcp);
        }
    }

    private static NatReport probe(
            SimulatedNetwork network,
            SimulatedHost client,
            TransportAddress server,
            int sourcePort,
            StreamCheck.Result tcp) {
        ProbeServer asked = new ProbeServer("lab", server);
        List<IpAddress> local = client.addresses().stream().map(IpAddress::of).toList();
        DiscoveryPlan plan = new DiscoveryPlan(List.of(asked), local, RetransmissionSchedule.probe(), 1);
        StreamCheck check =
                new StreamCheck(asked, StreamCheck.Transport.TCP, tcp, StreamCheck.Failure.NONE, Optional.empty(), "");
        return SimulatedProbe.run(network, client, plan, sourcePort, List.of(check));
    }

    @ParameterizedTest
    @EnumSource(Truth.class)
    void verdictIsTheTruth(Truth truth) {
        Lab lab = new Lab(truth, 1, 0);

        NatReport report = lab.probe(0, StreamCheck.Result.ANSWERED);

        assertTruth(truth, report);
        assertThat(SchemaCheck.problems("nat-probe.schema.json", JsonReport.of(report, ExitCode.of(truth.natType))))
                .isEmpty();
        assertThat(new TextReport(report, 1, false, Ansi.OFF).toString())
                .startsWith("NAT Type: " + truth.natType.title() + "\n")
                .doesNotContain("inconclusive");
    }

    @ParameterizedTest
    @EnumSource(Truth.class)
    void secondRunFromTheSamePortsSaysTheSame(Truth truth) {
        Lab lab = new Lab(truth, 2, 0);

        NatReport first = lab.probe(40_000, StreamCheck.Result.ANSWERED);
        NatReport second = lab.probe(40_000, StreamCheck.Result.ANSWERED);

        assertTruth(truth, first);
        assertTruth(truth, second);
    }

    @ParameterizedTest
    @MethodSource("lossyRuns")
    void tenPercentLossEachWayDoesNotDeceive(Truth truth, long seed) {
        Lab lab = new Lab(truth, seed, 0.1);

        NatReport report = lab.probe(0, StreamCheck.Result.ANSWERED);

        assertTruth(truth, report);
    }

    @ParameterizedTest
    @CsvSource({"false, OPEN", "true, FIREWALL"})
    void ipv6WithAndWithoutFirewall(boolean firewall, NatType expected) {
        SimulatedNetwork network = new SimulatedNetwork(6);
        TransportAddress server = SimulatedServer.start(network, "2001:db8:1::1", "2001:db8:1::2", true);
        Segment segment = firewall
                ? SimulatedNat.on(network.internet(), NatBehavior.firewallOnly())
                        .inside()
                : network.internet();
        SimulatedHost client = segment.host("client", "2001:db8:7::2");

        NatReport report = probe(network, client, server, 0, StreamCheck.Result.FAILED);

        assertThat(report.verdict().natType()).as(report.toString()).isEqualTo(expected);
        assertThat(report.external())
                .singleElement()
                .satisfies(seen -> assertThat(seen.ip()).isEqualTo(IpAddress.of(client.address())));
    }

    @Test
    void reorderedAndDuplicatedDatagramsDoNotDeceive() {
        for (Truth truth : List.of(Truth.EIM_APDF, Truth.ADM, Truth.MASQUERADE_OPEN_INPUT)) {
            Lab lab = new Lab(truth, 9, 0);
            lab.client.link(Link.withLatency(Duration.ofMillis(30))
                    .jittered(Duration.ofMillis(40))
                    .duplicating(0.3)
                    .reordering(0.3, Duration.ofMillis(60)));

            assertTruth(truth, lab.probe(0, StreamCheck.Result.ANSWERED));
        }
    }

    @ParameterizedTest
    @CsvSource({"false, PASS, PASS", "true, DROPPED, UNKNOWN"})
    void fragmentsAreToldByOurServersPadding(boolean drops, Fate out, Fate in) {
        SimulatedNetwork network = new SimulatedNetwork(12);
        TransportAddress server = SimulatedServer.start(network, "198.51.100.1", "198.51.100.2", true);
        NatBehavior nat = NatBehavior.portRestrictedCone();
        SimulatedHost client = SimulatedNat.on(
                        network.internet(), drops ? nat.droppingFragments() : nat, "203.0.113.10")
                .inside()
                .host("client", "192.168.7.2");

        NatReport report = probe(network, client, server, 0, StreamCheck.Result.ANSWERED);

        assertThat(report.fragments().outgoing()).isEqualTo(out);
        assertThat(report.fragments().incoming()).isEqualTo(in);
        assertThat(report.verdict().natType()).isEqualTo(NatType.PORT_RESTRICTED_CONE);
    }

    @Test
    void twoServersMakeTheConfidenceHigh() {
        SimulatedNetwork network = new SimulatedNetwork(4);
        TransportAddress first = SimulatedServer.start(network, "198.51.100.1", "198.51.100.2", true);
        TransportAddress second = SimulatedServer.start(network, "192.0.2.1", "192.0.2.2", false);
        SimulatedHost client = SimulatedNat.on(network.internet(), NatBehavior.portRestrictedCone(), "203.0.113.10")
                .inside()
                .host("client", "192.168.7.2");
        DiscoveryPlan plan = new DiscoveryPlan(
                List.of(new ProbeServer("first", first), new ProbeServer("second", second)),
                List.of(IpAddress.of(client.address())),
                RetransmissionSchedule.probe(),
                0);

        NatReport report = SimulatedProbe.run(network, client, plan, 0, List.of());

        assertThat(report.verdict().natType()).isEqualTo(NatType.PORT_RESTRICTED_CONE);
        assertThat(report.verdict().caveats()).isEmpty();
        assertThat(report.verdict().confidence()).isGreaterThan(0.999);
    }

    static Stream<Object[]> lossyRuns() {
        return Stream.of(Truth.values())
                .flatMap(truth -> Stream.iterate(100L, seed -> seed + 1)
                        .limit(LOSSY_SEEDS)
                        .map(seed -> new Object[] {truth, seed}));
    }

    private static void assertTruth(Truth truth, NatReport report) {
        assertThat(report.verdict().mapping()).as(report.toString()).isEqualTo(truth.mapping);
        assertThat(report.verdict().filtering()).as(report.toString()).isEqualTo(truth.filtering);
        assertThat(report.verdict().natType()).as(report.toString()).isEqualTo(truth.natType);
        assertThat(report.servers())
                .allSatisfy(server -> assertThat(server.faults()).isEmpty());
    }
}
