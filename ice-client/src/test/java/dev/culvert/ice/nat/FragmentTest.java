package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.nat.FragmentBehavior.Fate;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import org.junit.jupiter.api.Test;

@Rfc({"4787#10", "4787#11"})
class FragmentTest {
    private final SimulatedNetwork network = new SimulatedNetwork(4);
    private final ScriptedServer server = new ScriptedServer(network).with(ScriptedServer.PaddingRule.KEPT);

    private NatReport behind(NatBehavior nat) {
        SimulatedHost client = SimulatedNat.on(network.internet(), nat, "203.0.113.10")
                .inside()
                .host("client", "192.168.7.2");
        return SimulatedDiscovery.run(network, client, A1P1);
    }

    @Test
    void fragmentsPassBothWays() {
        FragmentBehavior fragments = behind(NatBehavior.portRestrictedCone()).fragments();

        assertThat(fragments).isEqualTo(new FragmentBehavior(Fate.PASS, Fate.PASS, ""));
    }

    @Test
    void natThatDropsFragmentsIsSeenAndStillClassified() {
        NatReport report = behind(NatBehavior.portRestrictedCone().droppingFragments());

        assertThat(report.fragments().outgoing()).isEqualTo(Fate.DROPPED);
        assertThat(report.fragments().incoming()).isEqualTo(Fate.UNKNOWN);
        assertThat(report.verdict().natType()).isEqualTo(NatType.PORT_RESTRICTED_CONE);
        assertThat(report.loss()).isZero();
    }

    @Test
    void silenceToPaddingAloneMeansThatLongAnswersAreLost() {
        server.with(ScriptedServer.PaddingRule.DROPPED);

        FragmentBehavior fragments = behind(NatBehavior.fullCone()).fragments();

        assertThat(fragments.outgoing()).isEqualTo(Fate.PASS);
        assertThat(fragments.incoming()).isEqualTo(Fate.DROPPED);
    }

    @Test
    void serverThatDoesNotPadProvesNothingAboutWhatComesIn() {
        server.with(ScriptedServer.PaddingRule.IGNORED);

        FragmentBehavior fragments = behind(NatBehavior.fullCone()).fragments();

        assertThat(fragments.outgoing()).isEqualTo(Fate.PASS);
        assertThat(fragments.incoming()).isEqualTo(Fate.UNKNOWN);
        assertThat(fragments.why()).contains("does not pad");
    }
}
