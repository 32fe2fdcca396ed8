package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.Hairpinning;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Rfc("4787#6")
class HairpinDiscoveryTest {
    private final SimulatedNetwork network = new SimulatedNetwork(5);
    private final ScriptedServer server = new ScriptedServer(network);

    private SimulatedHost behind(NatBehavior nat) {
        return SimulatedNat.on(network.internet(), nat, "203.0.113.10").inside().host("client", "192.168.7.2");
    }

    private HairpinReport measure(SimulatedHost client) {
        MeasurementPlan plan = SimulatedMeasurement.plan(client, A1P1);
        return SimulatedMeasurement.run(network, client, out -> new HairpinDiscovery(plan, network.random(), out));
    }

    static Stream<NatBehavior> kinds() {
        return Stream.of(
                NatBehavior.fullCone(),
                NatBehavior.restrictedCone(),
                NatBehavior.portRestrictedCone(),
                NatBehavior.linuxMasquerade(false));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void externalSourceIsSeenWhateverTheFilter(NatBehavior nat) {
        HairpinReport report = measure(behind(nat.with(Hairpinning.EXTERNAL_SOURCE)));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.EXTERNAL_SOURCE);
        assertThat(report.worksBothWays()).isTrue();
        assertThat(report.sides()).allSatisfy(side -> assertThat(side.seenAs()).isEqualTo(side.external()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void internalSourceIsSeenAndItsAnswersComeFromTheWrongPlace(NatBehavior nat) {
        HairpinReport report = measure(behind(nat.with(Hairpinning.INTERNAL_SOURCE)));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.INTERNAL_SOURCE);
        assertThat(report.worksBothWays()).isFalse();
        assertThat(report.sides().get(0).seenAs().map(TransportAddress::ip)).isEqualTo(IpAddress.parse("192.168.7.2"));
    }

    @Test
    void nothingComesBackWhereTheNatDoesNotHairpin() {
        HairpinReport report = measure(behind(NatBehavior.fullCone()));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.NONE);
        assertThat(report.confidence()).isGreaterThan(0.999);
        assertThat(report.sides()).allMatch(side -> side.sent() == 5);
    }

    @Test
    void lossDoesNotHideIt() {
        SimulatedHost client = behind(NatBehavior.portRestrictedCone().with(Hairpinning.EXTERNAL_SOURCE));
        client.link(Link.withLatency(Duration.ofMillis(5)).losing(0.1));

        assertThat(measure(client).behavior()).isEqualTo(HairpinBehavior.EXTERNAL_SOURCE);
    }

    @Test
    void hostWithoutNatNeedsNone() {
        HairpinReport report = measure(network.internet().host("client", "203.0.113.77"));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.NOT_NEEDED);
        assertThat(report.sides()).allMatch(side -> side.sent() == 0);
    }

    @Test
    void symmetricNatMayHairpinFromAnotherPort() {
        HairpinReport report = measure(behind(NatBehavior.symmetricRandom()
                .with(dev.culvert.testkit.nat.FilteringBehavior.ENDPOINT_INDEPENDENT)
                .with(Hairpinning.EXTERNAL_SOURCE)));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.EXTERNAL_SOURCE);
        assertThat(report.sides().get(0).seenAs())
                .isNotEqualTo(report.sides().get(0).external());
    }

    @Test
    void silentServerTellsNothing() {
        server.answeringFrom((asked, change) -> Optional.empty());

        HairpinReport report = measure(behind(NatBehavior.fullCone()));

        assertThat(report.behavior()).isEqualTo(HairpinBehavior.UNKNOWN);
        assertThat(report.answered()).isFalse();
    }
}
