package dev.culvert.ice.nat;

import static dev.culvert.ice.nat.ScriptedServer.A1P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.nat.LifetimeReport.Method;
import dev.culvert.ice.nat.LifetimeRung.Outcome;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.PortAssignment;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LifetimeDiscoveryTest {
    private static final List<Duration> SHORT_RUNGS = rungs(1, 2, 4, 5, 6, 8, 9);

    private final List<LifetimeEvent> events = new ArrayList<>();
    private SimulatedNetwork network = new SimulatedNetwork(7);
    private ScriptedServer server = new ScriptedServer(network);

    private static List<Duration> rungs(long... seconds) {
        return LongStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    private static Optional<Duration> seconds(long seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private SimulatedHost behind(NatBehavior nat) {
        return SimulatedNat.on(network.internet(), nat, "203.0.113.10").inside().host("client", "192.168.7.2");
    }

    private static MappingLifetime threeAndSeven() {
        return new MappingLifetime(Duration.ofSeconds(3), Duration.ofSeconds(7), Duration.ofSeconds(2), true);
    }

    private LifetimeReport measure(SimulatedHost client, List<Duration> rungs) {
        LifetimePlan plan = new LifetimePlan(
                new ProbeServer("scripted", A1P1),
                SimulatedMeasurement.localAddresses(client),
                rungs,
                RetransmissionSchedule.probe());
        return SimulatedMeasurement.run(
                network, client, out -> new LifetimeDiscovery(plan, network.random(), out, events::add));
    }

    @Test
    @Rfc("5780#4.6 (1)")
    void freshMappingsAndStreamsHaveLifetimesOfTheirOwn() {
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.method()).isEqualTo(Method.RESPONSE_PORT);
        assertThat(report.translated()).isTrue();
        assertThat(report.fresh().atLeast()).isEqualTo(seconds(2));
        assertThat(report.fresh().lessThan()).isEqualTo(seconds(4));
        assertThat(report.stream().atLeast()).isEqualTo(seconds(6));
        assertThat(report.stream().lessThan()).isEqualTo(seconds(8));
        assertThat(report.fresh().confidence()).isGreaterThan(0.999);
        assertThat(report.caveats()).isEmpty();
    }

    @Test
    void linuxDefaultsAreFoundWithTheUsualRungsLongBeforeTheLastOne() {
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(true));
        long startNanos = network.nowNanos();

        LifetimeReport report = measure(client, LifetimePlan.standardRungs());

        assertThat(report.fresh().atLeast()).isEqualTo(seconds(15));
        assertThat(report.fresh().lessThan()).isEqualTo(seconds(30));
        assertThat(report.stream().atLeast()).isEqualTo(seconds(90));
        assertThat(report.stream().lessThan()).isEqualTo(seconds(120));
        assertThat(report.rungs())
                .filteredOn(rung -> rung.outcome() == Outcome.SKIPPED)
                .extracting(rung -> rung.idle().toSeconds())
                .contains(600L);
        assertThat(Duration.ofNanos(network.nowNanos() - startNanos)).isLessThan(Duration.ofSeconds(200));
    }

    @Test
    void mappingThatOutlivesAllRungsHasNoUpperEnd() {
        SimulatedHost client = behind(NatBehavior.fullCone().with(MappingLifetime.of(Duration.ofHours(2))));

        LifetimeReport report = measure(client, LifetimePlan.standardRungs());

        assertThat(report.fresh().atLeast()).isEqualTo(seconds(600));
        assertThat(report.fresh().lessThan()).isEmpty();
        assertThat(report.rungs()).allMatch(rung -> rung.outcome() == Outcome.ALIVE);
    }

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    void clockMayCrossZeroAndOverflow(long startNanos) {
        network = new SimulatedNetwork(8, VirtualClock.startingAt(startNanos));
        server = new ScriptedServer(network);
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.fresh().lessThan()).isEqualTo(seconds(4));
        assertThat(report.stream().lessThan()).isEqualTo(seconds(8));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void tenPercentLossEachWayDoesNotDeceive(long seed) {
        network = new SimulatedNetwork(seed);
        server = new ScriptedServer(network);
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));
        client.link(Link.withLatency(Duration.ofMillis(10)).losing(0.1));

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.fresh().atLeast()).as("%s", report).isIn(seconds(1), seconds(2), Optional.empty());
        assertThat(report.fresh().lessThan()).as("%s", report).isIn(seconds(2), seconds(4), seconds(5));
        assertThat(report.stream().atLeast()).as("%s", report).isIn(seconds(4), seconds(5), seconds(6));
        assertThat(report.stream().lessThan()).as("%s", report).isIn(seconds(8), seconds(9));
    }

    static LongStream seeds() {
        return LongStream.range(200, 240);
    }

    @Test
    void serverThatFallsSilentMakesNoMappingLookDead() {
        SimulatedHost client = behind(NatBehavior.fullCone());
        network.after(Duration.ofMillis(4500), () -> server.with(ScriptedServer.ResponsePortRule.DROPPED));

        LifetimeReport report = measure(client, rungs(1, 30, 60));

        assertThat(report.fresh().atLeast()).isEqualTo(seconds(1));
        assertThat(report.fresh().lessThan()).isEmpty();
        assertThat(report.rungs())
                .filteredOn(rung -> rung.idle().toSeconds() > 1)
                .allMatch(rung -> rung.outcome() == Outcome.UNSURE)
                .allSatisfy(rung -> assertThat(rung.why()).contains("in use either"));
    }

    @ParameterizedTest
    @EnumSource(value = ScriptedServer.ResponsePortRule.class, names = "KEPT", mode = EnumSource.Mode.EXCLUDE)
    @Rfc("5780#5 (2)")
    void withoutResponsePortAPortThatChangesTellsTheLifetime(ScriptedServer.ResponsePortRule rule) {
        server.with(rule);
        SimulatedHost client = behind(
                NatBehavior.portRestrictedCone().with(PortAssignment.random()).with(threeAndSeven()));

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.method()).isEqualTo(Method.MAPPING_CHANGE);
        assertThat(report.methodWhy()).contains("RESPONSE-PORT");
        assertThat(report.fresh().atLeast()).isEqualTo(seconds(2));
        assertThat(report.fresh().lessThan()).isEqualTo(seconds(4));
        assertThat(report.stream().atLeast()).isEqualTo(seconds(6));
        assertThat(report.stream().lessThan()).isEqualTo(seconds(8));
    }

    @Test
    void withoutResponsePortAPreservedPortProvesNothing() {
        server.with(ScriptedServer.ResponsePortRule.REFUSED);
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.fresh().isKnown()).isFalse();
        assertThat(report.stream().isKnown()).isFalse();
        assertThat(report.fresh().why()).contains("refuses RESPONSE-PORT").contains("same external port");
        assertThat(report.keepalive().interval()).isEmpty();
    }

    @Test
    void serverThatDoesNotAnswerEndsTheMeasurement() {
        server.answeringFrom((asked, change) -> Optional.empty());

        LifetimeReport report = measure(behind(NatBehavior.fullCone()), SHORT_RUNGS);

        assertThat(report.answered()).isFalse();
        assertThat(report.external()).isEmpty();
        assertThat(report.rungs()).isEmpty();
    }

    @Test
    void aFirewallHasALifetimeToo() {
        SimulatedHost client = SimulatedNat.on(
                        network.internet(), NatBehavior.firewallOnly().with(threeAndSeven()))
                .inside()
                .host("client", "203.0.113.77");

        LifetimeReport report = measure(client, SHORT_RUNGS);

        assertThat(report.translated()).isFalse();
        assertThat(report.fresh().lessThan()).isEqualTo(seconds(4));
        assertThat(report.stream().lessThan()).isEqualTo(seconds(8));
    }

    @Test
    void eventsTellHowManyRungsAreOpenAndForHowLong() {
        SimulatedHost client = behind(NatBehavior.fullCone());

        measure(client, rungs(1, 5));

        assertThat(events)
                .extracting(LifetimeEvent::openRungs)
                .startsWith(4)
                .endsWith(0)
                .isSortedAccordingTo((a, b) -> b - a);
        assertThat(events.get(0)).isInstanceOf(LifetimeEvent.Started.class);
        assertThat(events.get(0).atMost()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(13));
        assertThat(events.get(events.size() - 1).atMost()).isZero();
    }

    @Test
    void keepaliveIsHalfOfWhatWasSeenAndIceIsToldWhereItsOwnIsTooSlow() {
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));

        KeepaliveAdvice advice = measure(client, SHORT_RUNGS).keepalive();

        assertThat(advice.interval()).isEqualTo(seconds(1));
        assertThat(advice.inStreams()).isEqualTo(seconds(3));
        assertThat(advice.ice()).isEmpty();
        assertThat(advice.why()).contains("too long for this NAT");
    }

    @Test
    void mappingFoundGoneByACheckThatCameTooLateProvesNothing() {
        SimulatedHost client = behind(NatBehavior.linuxMasquerade(false).with(threeAndSeven()));
        network.after(Duration.ofMillis(1500), () -> network.clock().advance(Duration.ofMinutes(1)));

        LifetimeReport report = measure(client, rungs(1, 2, 10));

        assertThat(report.rungs())
                .filteredOn(rung -> rung.ladder() == Ladder.FRESH && rung.idle().toSeconds() == 2)
                .singleElement()
                .satisfies(rung -> assertThat(rung.outcome()).isEqualTo(Outcome.UNSURE))
                .satisfies(rung -> assertThat(rung.why()).contains("too late"));
    }

    @Test
    void rungsThatDoNotRiseAreRefused() {
        assertThatThrownBy(() -> measure(behind(NatBehavior.fullCone()), rungs(2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rise");
    }
}
