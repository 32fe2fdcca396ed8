package dev.culvert.ice.gather;

import static dev.culvert.ice.gather.SimulatedGathering.networkInterface;
import static dev.culvert.ice.gather.SimulatedGathering.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.ScriptedRealm;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gathering from TURN servers on a simulated host, in virtual time. */
class RelayedCandidatesTest {
    private static final GatherServer STUN = new GatherServer.Stun("stun:stun.example.org");
    private static final String FIRST = "192.0.2.1:3478";
    private static final String SECOND = "192.0.2.2:3478";

    private final SimulatedNetwork network = new SimulatedNetwork(1);
    private final SimulatedServer first = serverAt("192.0.2.1");
    private final SimulatedNat home =
            SimulatedNat.on(network.internet(), NatBehavior.portRestrictedCone(), "203.0.113.1");
    private final SimulatedHost laptop = home.inside().host("laptop", "192.168.1.7");

    RelayedCandidatesTest() {
        serverAt("192.0.2.2");
    }

    private SimulatedServer serverAt(String address) {
        return new SimulatedServer(network.internet().host(address, address));
    }

    private SimulatedGathering gathering(GatherOptions.Builder options) {
        return new SimulatedGathering(network, laptop, options.build(), networkInterface("eth0", "192.168.1.7"));
    }

    @Test
    @Rfc("8445#5.1.1.2 (4)")
    void refusedAllocationIsReplacedByABinding() {
        first.refusal.add(ErrorCode.of(486));
        SimulatedGathering gathering = gathering(GatherOptions.builder().server(turn("turn:turn.example.org")));

        gathering.start().resolve(0, FIRST).untilComplete();

        assertThat(gathering.gatherer.candidates())
                .extracting(Candidate::type)
                .containsExactly(CandidateType.HOST, CandidateType.SRFLX);
        assertThat(gathering.the(GatherEvent.Failed.class).failure()).isInstanceOf(GatherFailure.Turn.class);
    }

    @Test
    void familyThatIsNotGrantedIsToldBesideTheOther() {
        first.granted.add(new AddressErrorCode(2, 440, "no IPv6 here"));
        GatherServer.Turn dual = new GatherServer.Turn(
                "turn:turn.example.org", ServerTransport.UDP, ScriptedRealm.USER, AllocateOptions.Families.DUAL);
        SimulatedGathering gathering = gathering(GatherOptions.builder().server(dual));

        gathering.start().resolve(0, FIRST).untilComplete();

        assertThat(gathering.gatherer.candidates()).extracting(Candidate::type).contains(CandidateType.RELAY);
        assertThat(gathering.the(GatherEvent.Failed.class).failure())
                .isEqualTo(
                        new GatherFailure.Turn(new TurnFailure.Refused(new ErrorCode(440, "no IPv6 here"), List.of())));
    }

    @Test
    @Rfc({"8445#5.1.1.1 (1)", "8838#17"})
    void rtpAndRtcpHavePortsThatFollowEachOther() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().separateRtcp().server(STUN).server(turn("turn:turn.example.org")));

        gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

        assertThat(gathering.gatherer.candidates()).hasSize(6);
        for (CandidateType type : List.of(CandidateType.HOST, CandidateType.RELAY)) {
            List<Integer> ports = gathering.gatherer.candidates().stream()
                    .filter(each -> each.type() == type)
                    .map(each -> each.address().port())
                    .toList();
            assertThat(ports.get(0)).isEven();
            assertThat(ports.get(1)).isEqualTo(ports.get(0) + 1);
        }
        assertThat(gathering.told().stream().filter(each -> each.startsWith("srflx")))
                .extracting(each -> each.charAt(6))
                .containsExactly('1', '2');
    }

    @Test
    void serverWithoutEvenPortsRelaysOnOthers() {
        first.refusesEvenPort = true;
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().separateRtcp().server(turn("turn:turn.example.org")));

        gathering.start().resolve(0, FIRST).untilComplete();

        assertThat(gathering.gatherer.candidates().stream().filter(each -> each.type() == CandidateType.RELAY))
                .hasSize(2);
    }

    @Test
    @Rfc("8838#17")
    void lossOfTheFirstComponentHoldsTheSecondBack() {
        for (long seed = 0; seed < 50; seed++) {
            SimulatedNetwork lossy = new SimulatedNetwork(seed);
            lossy.internet().link(Link.withLatency(Duration.ofMillis(10)).losing(0.4));
            new SimulatedServer(lossy.internet().host("one", "192.0.2.1"));
            SimulatedNat nat = SimulatedNat.on(lossy.internet(), NatBehavior.symmetricRandom(), "203.0.113.1");
            SimulatedHost host = nat.inside().host("laptop", "192.168.1.7");
            GatherOptions options =
                    GatherOptions.builder().separateRtcp().server(STUN).build();
            SimulatedGathering gathering =
                    new SimulatedGathering(lossy, host, options, networkInterface("eth0", "192.168.1.7"));

            gathering.start().resolve(0, FIRST).untilComplete();

            assertThat(gathering.told().stream().filter(each -> each.startsWith("srflx")))
                    .as("seed %d", seed)
                    .extracting(each -> each.charAt(6))
                    .isSorted();
        }
    }

    @Test
    void turnServerThatCannotBeConnectedToIsTriedAtItsOtherAddresses() {
        GatherServer server = new GatherServer.Turn(
                "turns:turn.example.org", ServerTransport.TLS, ScriptedRealm.USER, AllocateOptions.Families.IPV4);
        SimulatedGathering gathering = gathering(GatherOptions.builder().server(server));

        gathering.start().resolve(0, FIRST, "[2001:db8::1]:3478", SECOND).untilComplete();

        assertThat(gathering.connectionsAsked).containsExactly("192.168.1.7 to " + FIRST, "192.168.1.7 to " + SECOND);
        assertThat(gathering.the(GatherEvent.Failed.class).failure())
                .isEqualTo(new GatherFailure.NoConnection("no TCP here"));
    }
}
