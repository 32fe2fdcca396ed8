package dev.culvert.ice.gather;

import static dev.culvert.ice.gather.SimulatedGathering.networkInterface;
import static dev.culvert.ice.gather.SimulatedGathering.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.Trace;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gathering on a simulated host, in virtual time. */
class GatheringTest {
    private static final GatherServer STUN = new GatherServer.Stun("stun:stun.example.org");
    private static final String FIRST = "192.0.2.1:3478";
    private static final String SECOND = "192.0.2.2:3478";
    private static final String DEAD = "192.0.2.66:3478";

    private final SimulatedNetwork network = new SimulatedNetwork(1);
    private final SimulatedServer first = serverAt("192.0.2.1");
    private final SimulatedServer second = serverAt("192.0.2.2");
    private final SimulatedNat home =
            SimulatedNat.on(network.internet(), NatBehavior.portRestrictedCone(), "203.0.113.1");
    private final SimulatedHost laptop = home.inside().host("laptop", "192.168.1.7");

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    private SimulatedServer serverAt(String address) {
        return new SimulatedServer(network.internet().host(address, address));
    }

    private SimulatedGathering gathering(GatherOptions.Builder options) {
        return new SimulatedGathering(network, laptop, options.build(), networkInterface("eth0", "192.168.1.7"));
    }

    @Test
    @Rfc({"8445#5.1.1.2 (1)", "8445#5.1.1.2 (2)", "8839#5.1 (4)"})
    void stunAndTurnGiveReflexiveAndRelayedCandidates() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().server(STUN).server(turn("turn:turn.example.org")));

        gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

        Candidate host = gathering.first(CandidateType.HOST);
        Candidate reflexive = gathering.first(CandidateType.SRFLX);
        Candidate relayed = gathering.first(CandidateType.RELAY);
        assertThat(gathering.told()).hasSize(3);
        assertThat(host.address().host()).isEqualTo("192.168.1.7");
        assertThat(host.related()).isEmpty();
        assertThat(reflexive.address().host()).isEqualTo("203.0.113.1");
        assertThat(reflexive.related()).contains(host.address());
        assertThat(relayed.address().host()).isEqualTo("192.0.2.2");
        assertThat(relayed.related().orElseThrow().host()).isEqualTo("203.0.113.1");
        assertThat(gathering.the(GatherEvent.FirstUsable.class).candidate()).isEqualTo(reflexive);
    }

    @Test
    @Rfc({"8445#5.1.2.1 (1)", "8445#5.1.2.2 (1)"})
    void prioritiesFollowTheRecommendedFormula() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().server(STUN).server(turn("turn:turn.example.org")));

        gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

        assertThat(gathering.first(CandidateType.HOST).priority()).isEqualTo((126L << 24) + (65535 << 8) + 255);
        assertThat(gathering.first(CandidateType.SRFLX).priority()).isEqualTo((100L << 24) + (65535 << 8) + 255);
        assertThat(gathering.first(CandidateType.RELAY).priority()).isEqualTo((65535 << 8) + 255);
    }

    @Test
    @Rfc({"8445#5.1.3", "8838#9 (1)"})
    void whatTwoServersSeeAlikeIsToldOnce() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().server(STUN).server(STUN));

        gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

        assertThat(gathering.told()).hasSize(2);
        assertThat(gathering.all(GatherEvent.Redundant.class)).hasSize(1);
    }

    @Test
    @Rfc("8445#5.1.3")
    void withoutNatTheHostCandidateIsTheUsableOne() {
        SimulatedHost open = network.internet().host("open", "203.0.113.9");
        GatherOptions options = GatherOptions.builder().server(STUN).build();
        SimulatedGathering gathering =
                new SimulatedGathering(network, open, options, networkInterface("eth0", "203.0.113.9"));

        gathering.start().resolve(0, FIRST).untilComplete();

        assertThat(gathering.told()).hasSize(1);
        assertThat(gathering.the(GatherEvent.FirstUsable.class).candidate())
                .isEqualTo(gathering.first(CandidateType.HOST));
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    void deadInterfaceAndDeadServerCostNothing(long startNanos) {
        SimulatedNetwork slow = new SimulatedNetwork(1, VirtualClock.startingAt(startNanos));
        slow.internet().link(Link.withLatency(Duration.ofMillis(10)));
        new SimulatedServer(slow.internet().host("server", "192.0.2.1"));
        SimulatedHost host = slow.internet().host("laptop", "203.0.113.9");
        SimulatedNat vpn = SimulatedNat.on(slow.internet(), NatBehavior.udpBlocked(), "203.0.113.200");
        host.join(vpn.inside(), "10.8.0.2");
        GatherOptions options = GatherOptions.builder()
                .server(turn("turn:dead.example.org"))
                .server(STUN)
                .server(turn("turn:turn.example.org"))
                .build();
        SimulatedGathering gathering = new SimulatedGathering(
                slow, host, options, networkInterface("tun0", "10.8.0.2"), networkInterface("eth0", "203.0.113.9"));

        gathering.start().resolve(0, DEAD).resolve(1, FIRST).resolve(2, FIRST).untilComplete();

        assertThat(gathering.the(GatherEvent.FirstUsable.class).at()).isLessThanOrEqualTo(Duration.ofMillis(300));
        assertThat(gathering.the(GatherEvent.Settled.class).at()).isLessThan(Duration.ofMillis(500));
        assertThat(gathering.first(CandidateType.RELAY).address().host()).isEqualTo("192.0.2.1");
    }

    @Test
    void lossNeverCostsACandidate() {
        for (long seed = 0; seed < 200; seed++) {
            SimulatedNetwork lossy = new SimulatedNetwork(seed);
            lossy.internet().link(Link.withLatency(Duration.ofMillis(10)).losing(0.2));
            new SimulatedServer(lossy.internet().host("one", "192.0.2.1"));
            new SimulatedServer(lossy.internet().host("two", "192.0.2.2"));
            SimulatedNat nat = SimulatedNat.on(lossy.internet(), NatBehavior.symmetricRandom(), "203.0.113.1");
            SimulatedHost host = nat.inside().host("laptop", "192.168.1.7");
            GatherOptions options = GatherOptions.builder()
                    .server(STUN)
                    .server(turn("turn:turn.example.org"))
                    .build();
            SimulatedGathering gathering =
                    new SimulatedGathering(lossy, host, options, networkInterface("eth0", "192.168.1.7"));

            gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

            assertThat(gathering.gatherer.candidates())
                    .as("seed %d", seed)
                    .extracting(Candidate::type)
                    .containsExactlyInAnyOrder(
                            CandidateType.HOST, CandidateType.SRFLX, CandidateType.SRFLX, CandidateType.RELAY);
        }
    }

    @Test
    @Rfc("8445#14.3")
    void requestsAreRepeatedHalfASecondApartAtTheEarliest() {
        SimulatedGathering gathering = gathering(GatherOptions.builder().server(STUN));

        gathering.start().resolve(0, DEAD).untilComplete();

        GatherEvent.Failed failed = gathering.the(GatherEvent.Failed.class);
        assertThat(failed.failure()).isEqualTo(new GatherFailure.Silence(11));
        assertThat(failed.at()).isEqualTo(Duration.ofMillis(9500));
        assertThat(gathering.the(GatherEvent.Settled.class).at()).isEqualTo(Duration.ofSeconds(3));
        assertThat(gathering.the(GatherEvent.FirstUsable.class).candidate().type())
                .isEqualTo(CandidateType.HOST);
    }

    @Test
    @Rfc({"8445#5.1.1.2 (3)", "8445#14.2"})
    void transactionsAreATaApart() {
        SimulatedGathering gathering = gathering(
                GatherOptions.builder().server(STUN).server(STUN).server(STUN).pacing(Duration.ofMillis(40)));
        long startNanos = network.nowNanos();

        gathering.start().resolve(0, FIRST).resolve(1, SECOND).resolve(2, DEAD);
        network.runFor(Duration.ofMillis(200));

        assertThat(network.trace().entries(Trace.Outcome.SENT).stream()
                        .filter(entry -> entry.place().equals("laptop"))
                        .map(entry -> (entry.atNanos() - startNanos) / 1_000_000)
                        .toList())
                .containsExactly(0L, 40L, 80L);
    }

    @Test
    @Rfc("8445#5.1.1.4")
    void mappingsAreKeptAliveUntilTheEnd() {
        SimulatedGathering gathering =
                gathering(GatherOptions.builder().server(STUN).server(turn("turn:turn.example.org")));
        gathering.start().resolve(0, FIRST).resolve(1, SECOND).untilComplete();

        network.runFor(Duration.ofMinutes(30));

        String mapped = gathering.first(CandidateType.SRFLX).address().toString();
        assertThat(first.seen).hasSizeBetween(119, 122).containsOnly("Binding " + mapped);
        assertThat(second.seen).filteredOn(each -> each.startsWith("Refresh")).hasSize(3);
        assertThat(second.allocations()).isEqualTo(1);
        gathering.close();
        gathering.until(GatherEvent.Closed.class);
        assertThat(second.allocations()).isZero();
        assertThat(gathering.gatherer.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void changedMappingIsTold() {
        SimulatedNat nat = SimulatedNat.on(network.internet(), NatBehavior.symmetricRandom(), "203.0.113.2");
        SimulatedHost host = nat.inside().host("desktop", "192.168.2.7");
        SimulatedGathering gathering = new SimulatedGathering(
                network, host, GatherOptions.builder().server(STUN).build(), networkInterface("eth0", "192.168.2.7"));
        gathering.start().resolve(0, FIRST).untilComplete();

        nat.restart();
        network.runFor(Duration.ofSeconds(20));

        assertThat(gathering.the(GatherEvent.Lost.class).failure()).isInstanceOf(GatherFailure.Moved.class);
    }

    @Test
    void hiddenAddressesAreToldByName() {
        SimulatedGathering gathering = gathering(GatherOptions.builder()
                .server(STUN)
                .addresses(AddressPolicy.all().withHiddenAddresses()));

        gathering.start().resolve(0, FIRST).untilComplete();

        assertThat(gathering.first(CandidateType.HOST).address().host())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.local");
        assertThat(gathering.first(CandidateType.SRFLX).related()).contains(new CandidateAddress("0.0.0.0", 9));
        assertThat(gathering.gatherer.multicastNames()).hasSize(1);
    }

    @Test
    void whatIsNotTheGatherersIsTheSessions() {
        SimulatedGathering gathering = gathering(GatherOptions.builder().server(STUN));
        gathering.start().resolve(0, FIRST).untilComplete();
        SimulatedHost neighbour = home.inside().host("neighbour", "192.168.1.8");
        TransportAddress target =
                gathering.first(CandidateType.HOST).address().transportAddress().orElseThrow();

        neighbour.open().send(target.toInetSocketAddress(), new byte[] {(byte) 0x80, 1, 2, 3});
        network.runFor(Duration.ofSeconds(1));

        assertThat(gathering.unclaimed).containsExactly("socket 0 4");
        assertThat(gathering.gatherer.socketOf(gathering.first(CandidateType.SRFLX)))
                .isPresent();
    }

    @Test
    void withoutServersTheHostCandidateIsUsableAtOnce() {
        SimulatedGathering gathering = gathering(GatherOptions.builder());

        gathering.start();

        assertThat(gathering.the(GatherEvent.FirstUsable.class).at()).isZero();
        assertThat(gathering.the(GatherEvent.Complete.class).at()).isZero();
    }

    @Test
    void addressThatCannotBeBoundIsTold() throws Exception {
        GatherOptions options = GatherOptions.builder().build();
        SimulatedGathering gathering =
                new SimulatedGathering(network, laptop, options, networkInterface("gone0", "198.51.100.1"));
        assertThat(InetAddress.getByName("198.51.100.1")).isNotIn(laptop.addresses());

        gathering.start();

        assertThat(gathering.the(GatherEvent.Failed.class).failure()).isInstanceOf(GatherFailure.CannotBind.class);
        assertThat(gathering.has(GatherEvent.Complete.class)).isTrue();
        assertThat(gathering.has(GatherEvent.FirstUsable.class)).isFalse();
    }
}
