package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.MappingBehavior;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.Pooling;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PortSamplingTest {
    private final SimulatedNetwork network = new SimulatedNetwork(9);
    private final ScriptedServer server = new ScriptedServer(network);

    private PortReport measure(NatBehavior nat, String... publicAddresses) {
        String[] addresses = publicAddresses.length == 0 ? new String[] {"203.0.113.10"} : publicAddresses;
        return measure(
                SimulatedNat.on(network.internet(), nat, addresses).inside().host("client", "192.168.7.2"));
    }

    private PortReport measure(SimulatedHost client) {
        List<PortSample> scattered = sample(client, 0, 24);
        List<PortSample> consecutive = sample(client, 30_000, 8);
        return PortReport.of(
                new ProbeServer("scripted", A1P1), SimulatedMeasurement.localAddresses(client), scattered, consecutive);
    }

    private List<PortSample> sample(SimulatedHost client, int firstPort, int count) {
        MeasurementPlan plan = SimulatedMeasurement.plan(client, A1P1);
        return SimulatedMeasurement.run(
                network, client, firstPort, out -> new PortSampling(plan, count, network.random(), out, samples -> {}));
    }

    private static NatBehavior nat(PortAssignment ports) {
        return NatBehavior.portRestrictedCone().with(ports);
    }

    @Test
    @Rfc("4787#4.2.1")
    void preservedPortsAreSeenToBe() {
        PortReport report = measure(nat(PortAssignment.preserving()));

        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.PRESERVED);
        assertThat(report.behavior().preservation()).isTrue();
        assertThat(report.pairs()).isEqualTo(4);
        assertThat(report.contiguousPairs()).isEqualTo(4);
        assertThat(report.overloading()).isFalse();
        assertThat(report.translated()).isTrue();
    }

    @Test
    @Rfc("4787#4.2.1")
    void sequenceHasAStepAndAFormThatCanBePredicted() {
        PortReport report = measure(nat(PortAssignment.sequential(2)));

        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.SEQUENTIAL);
        assertThat(report.assignment().isPredictable()).isTrue();
        assertThat(report.behavior().delta()).isEqualTo(OptionalInt.of(2));
        assertThat(report.contiguousPairs()).isZero();
    }

    @Test
    void randomPortsFollowNoRule() {
        PortReport report = measure(nat(PortAssignment.random()));

        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.SCATTERED);
        assertThat(report.assignment().isPredictable()).isFalse();
    }

    @Test
    @Rfc("4787#4.2.2")
    void parityIsSeen() {
        PortReport kept = measure(nat(PortAssignment.random().keepingParity()));

        assertThat(kept.behavior().parity()).isTrue();
        assertThat(kept.behavior().preservation()).isFalse();
    }

    @Test
    @Rfc("4787#4.2.3")
    void contiguityOfPairsIsSeen() {
        PortReport report = measure(nat(PortAssignment.random().keepingContiguity()));

        assertThat(report.pairs()).isEqualTo(4);
        assertThat(report.contiguousPairs()).isEqualTo(4);
    }

    @Test
    @Rfc("4787#4.1 (2)")
    void arbitraryPoolingShowsSeveralAddresses() {
        NatBehavior nat = nat(PortAssignment.random()).with(Pooling.ARBITRARY);

        PortReport report = measure(nat, "203.0.113.10", "203.0.113.11", "203.0.113.12");

        assertThat(report.externalIps()).hasSize(3);
        assertThat(report.behavior().paired()).isFalse();
    }

    @Test
    void endpointSharedByTwoSocketsIsOverloading() {
        // A NAT of few ports that forgets what it has given away: every answer names the same endpoint.
        server.seeing(seen -> A1P1);

        PortReport report = measure(nat(PortAssignment.random()));

        assertThat(report.overloading()).isTrue();
    }

    @Test
    void hostWithoutNatIsNotCalledPreserving() {
        PortReport report = measure(network.internet().host("client", "203.0.113.77"));

        assertThat(report.translated()).isFalse();
        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.NONE);
    }

    @Test
    void addressDependentMappingDoesNotMatterWithOneServer() {
        PortReport report = measure(nat(PortAssignment.sequential(1)).with(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT));

        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.SEQUENTIAL);
    }

    @Test
    void silentServerGivesNoSamples() {
        server.answeringFrom((asked, change) -> Optional.empty());

        PortReport report = measure(network.internet().host("client", "203.0.113.77"));

        assertThat(report.answered()).isFalse();
        assertThat(report.assignment()).isEqualTo(dev.culvert.ice.nat.PortAssignment.NONE);
    }
}
