package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Days of traffic over bad links, with the books of the server in order all the time and nothing left at the end. */
class LossyDayTest {
    /** More days: {@code -Dculvert.session.days=100}, the first of them that of {@code -Dculvert.seed=1}. */
    private static final int DAYS = Integer.getInteger("culvert.session.days", 4);

    private static final long FIRST_SEED = Long.getLong("culvert.seed", 1);

    static Stream<Object[]> days() {
        long[] starts = VirtualClock.hostileStarts();
        return IntStream.range(0, DAYS).mapToObj(i -> new Object[] {FIRST_SEED + i, starts[i % starts.length]});
    }

    @ParameterizedTest(name = "seed {0}, clock from {1}")
    @MethodSource("days")
    @Rfc({"8656#5 (4)", "8656#6", "8656#6 (2)", "8656#7.2 (15)"})
    void trafficGoesOnForADayAndNothingIsLeft(long seed, long startNanos) {
        try {
            new LossyDay(seed, startNanos).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", clock from " + startNanos + ": " + e.getMessage(), e);
        }
    }

    /** The NAT that RFC 4787 §4.3 just allows: two minutes, where refreshes come every four. */
    @Test
    @Rfc("8656#6")
    void clientBehindANatThatForgetsSoonerThanItRefreshesAllocatesAgain() {
        SessionLab lab = new SessionLab(3);
        MappingLifetime twoMinutes = MappingLifetime.of(Duration.ofMinutes(2));
        SimulatedNat nat = lab.nat(10, NatBehavior.symmetricRandom().with(twoMinutes));
        SimulatedTurnClient alice = lab.client(lab.hostBehind(nat, 10, 1), SimulatedTurnClient.ALICE);
        PlainPeer carol = lab.peer(lab.publicHost(30));
        alice.onEvents(event -> {
            if (event instanceof TurnEvent.AllocationLost) {
                alice.askForAllocation(AllocateOptions.defaults());
            } else if (event instanceof TurnEvent.Allocated) {
                alice.askForPermission(SessionLab.publicAddress(30));
            }
        });

        alice.allocate();
        lab.run(Duration.ofHours(1));

        assertThat(alice.all(TurnEvent.AllocationLost.class))
                .hasSizeBetween(14, 15)
                .allSatisfy(lost -> assertThat(lost.failure().isMismatch()).isTrue());
        assertThat(alice.all(TurnEvent.AllocationFailed.class)).isEmpty();
        // One that lives, and those of the last ten minutes that nobody refreshes.
        assertThat(lab.server.core.allocations()).isBetween(2, 3);
        Traffic.Flow toAlice = lab.traffic.flow(
                "Carol to Alice", alice, p -> carol.send(alice.core.relayed().get(0), p));
        lab.run(Duration.ofSeconds(10));
        toAlice.send();
        lab.run(Duration.ofSeconds(1));
        assertThat(toAlice.arrived()).containsExactly(0);
        alice.vanish();
        lab.run(Duration.ofMinutes(10));
        lab.server.requireNothingLeft();
    }

    @Test
    void keepaliveHoldsTheMappingOfANatThatForgetsAfterThirtySeconds() {
        SessionLab lab = new SessionLab(3);
        SimulatedNat nat = lab.nat(10, NatBehavior.symmetricRandom().with(MappingLifetime.of(Duration.ofSeconds(30))));
        SimulatedTurnClient alice =
                lab.keptAlive(lab.hostBehind(nat, 10, 1), SimulatedTurnClient.ALICE, Duration.ofSeconds(25));
        PlainPeer carol = lab.peer(lab.publicHost(30));
        alice.allocate();
        alice.permit(SessionLab.publicAddress(30));

        lab.run(Duration.ofHours(3));
        Traffic.Flow toAlice = lab.traffic.flow(
                "Carol to Alice", alice, p -> carol.send(alice.core.relayed().get(0), p));
        toAlice.send();
        lab.run(Duration.ofSeconds(1));

        assertThat(alice.all(TurnEvent.AllocationLost.class)).isEmpty();
        assertThat(toAlice.arrived()).containsExactly(0);
        assertThat(lab.server.core.allocations()).isEqualTo(1);
        alice.close();
        lab.server.requireNothingLeft();
    }

    @Test
    void clientReportsAServerThatIsGoneForGood() {
        SessionLab lab = new SessionLab(4);
        SimulatedTurnClient alice = lab.client(lab.publicHost(30), SimulatedTurnClient.ALICE);
        alice.allocate();

        lab.server.crash();
        TurnEvent.AllocationLost lost = alice.await(TurnEvent.AllocationLost.class, Duration.ofMinutes(11));

        assertThat(lost.failure()).isEqualTo(new TurnFailure.Silence());
        assertThat(alice.core.relayed()).isEmpty();
        assertThat(alice.core.nextDeadlineNanos()).isEmpty();
    }
}
