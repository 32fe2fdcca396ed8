package dev.culvert.ice.gather;

import static dev.culvert.ice.gather.SimulatedGathering.networkInterface;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Gathering with a router that maps ports, on a simulated host, in virtual time. */
class MappedCandidatesTest {
    private static final GatherServer STUN = new GatherServer.Stun("stun:stun.example.org");
    private static final String FIRST = "192.0.2.1:3478";

    private final SimulatedNetwork network = new SimulatedNetwork(1);
    private final SimulatedNat home =
            SimulatedNat.on(network.internet(), NatBehavior.portRestrictedCone(), "203.0.113.1");
    private final SimulatedHost laptop = home.inside().host("laptop", "192.168.1.7");

    MappedCandidatesTest() {
        network.internet().link(Link.withLatency(Duration.ofMillis(10)));
        new SimulatedServer(network.internet().host("server", "192.0.2.1"));
    }

    private SimulatedGathering gathering(GatherOptions.Builder options) {
        return new SimulatedGathering(network, laptop, options.build(), networkInterface("eth0", "192.168.1.7"));
    }

    private static TransportAddress baseOf(SimulatedGathering gathering) {
        return gathering.first(CandidateType.HOST).address().transportAddress().orElseThrow();
    }

    @Test
    void mappingThatAnotherServiceMadeIsACandidate() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().mapping("PCP").server(STUN));

        gathering.start().resolve(0, FIRST);
        TransportAddress base = baseOf(gathering);
        gathering.map("PCP", base, "203.0.113.1:7777");
        gathering.untilComplete();
        gathering.endMapping("PCP", base, "the router was restarted");

        assertThat(gathering.mappingsAsked).containsExactly("PCP " + base);
        assertThat(gathering.the(GatherEvent.FirstUsable.class).candidate().address())
                .hasToString("203.0.113.1:7777");
        assertThat(gathering.the(GatherEvent.Lost.class).failure())
                .isEqualTo(new GatherFailure.NoMapping("the router was restarted"));
        assertThat(gathering.gatherer.candidates()).hasSize(2);
    }

    @Test
    void routerThatNeverAnswersDelaysNeitherTheFirstCandidateNorTheRest() {
        SimulatedGathering without = gathering(GatherOptions.builder().server(STUN));
        without.start().resolve(0, FIRST).until(GatherEvent.Settled.class);
        SimulatedGathering with = gathering(GatherOptions.builder().server(STUN).mapping("PCP"));

        with.start().resolve(0, FIRST).until(GatherEvent.Settled.class);

        assertThat(with.the(GatherEvent.FirstUsable.class).at())
                .isEqualTo(without.the(GatherEvent.FirstUsable.class).at());
        assertThat(with.the(GatherEvent.Settled.class).at())
                .isLessThanOrEqualTo(without.the(GatherEvent.Settled.class).at().plus(Duration.ofMillis(50)));
        assertThat(with.has(GatherEvent.Complete.class)).isFalse();
    }

    @Test
    void slowRouterIsStillACandidate() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().server(STUN).mapping("PCP"));
        gathering.start().resolve(0, FIRST).until(GatherEvent.Settled.class);

        network.runFor(Duration.ofSeconds(4));
        gathering.map("PCP", baseOf(gathering), "203.0.113.1:7777");

        assertThat(gathering.told()).hasSize(3);
        assertThat(gathering.the(GatherEvent.Complete.class).at()).isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void whereNobodyElseIsAskedTheRouterIsWaitedFor() {
        SimulatedGathering gathering = gathering(GatherOptions.builder().mapping("PCP"));
        gathering.start();

        network.runFor(Duration.ofSeconds(2));
        boolean isSettledEarly = gathering.has(GatherEvent.Settled.class);
        gathering.endMapping("PCP", baseOf(gathering), "no answer");

        assertThat(isSettledEarly).isFalse();
        assertThat(gathering.the(GatherEvent.FirstUsable.class).candidate())
                .isEqualTo(gathering.first(CandidateType.HOST));
    }
}
