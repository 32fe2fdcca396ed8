package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.net.SimulatedHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The server's process is killed and another takes its place, which knows nothing of the allocations. */
@Rfc("8656#5 (2)")
class RestartTest {
    /** When the client renews its permission, after which time it must know. */
    private static final Duration RENEWAL = Duration.ofMinutes(4);

    private final ServerOptions options = new ServerOptions();
    private SessionLab lab = new SessionLab(1, options);
    private SimulatedTurnClient alice = client(10, NatBehavior.symmetricRandom());
    private SimulatedTurnClient bob = client(20, NatBehavior.portRestrictedCone());

    private SimulatedTurnClient client(int site, NatBehavior nat) {
        return lab.client(
                lab.hostBehind(lab.nat(site, nat), site, 1),
                site == 10 ? SimulatedTurnClient.ALICE : SimulatedTurnClient.BOB);
    }

    @Test
    void withTheSameNonceKeysClientsLearnByA437AtTheirNextRenewal() {
        connect();
        lab.run(Duration.ofMinutes(1));

        lab.restartServer(options);
        TurnEvent.AllocationLost lost = alice.await(TurnEvent.AllocationLost.class, RENEWAL);

        assertThat(lost.failure().refusal()).contains(TurnError.ALLOCATION_MISMATCH);
        assertThat(count(RelayCounter.AUTHENTICATION_FAILURES)).isZero();
        assertThat(count(RelayCounter.CHALLENGES)).isZero();
        assertRecovery();
    }

    @Test
    @Rfc("8489#9.2.4 (13)")
    void withOtherNonceKeysA438ComesFirst() {
        connect();
        lab.run(Duration.ofMinutes(1));
        options.nonceKeys = NonceKeys.random(new Random(2));

        lab.restartServer(options);
        TurnEvent.AllocationLost lost = alice.await(TurnEvent.AllocationLost.class, RENEWAL);

        assertThat(lost.failure().refusal()).contains(TurnError.ALLOCATION_MISMATCH);
        // One each: Bob renews at the same time.
        assertThat(count(RelayCounter.AUTHENTICATION_FAILURES)).isEqualTo(2);
        assertThat(count(RelayCounter.CHALLENGES)).isZero();
        assertRecovery();
    }

    @Test
    void renewalsThatAreRefusedTogetherAreOneLoss() {
        alice.onEvents(event -> {
            if (event instanceof TurnEvent.AllocationLost) {
                alice.askForAllocation(AllocateOptions.defaults());
            }
        });
        alice.allocate();
        List.of(30, 31, 32).forEach(peer -> alice.askForPermission(SessionLab.publicAddress(peer)));
        lab.run(Duration.ofMinutes(1));

        lab.restartServer(options);
        lab.run(RENEWAL);

        assertThat(alice.all(TurnEvent.AllocationLost.class)).hasSize(1);
        assertThat(alice.all(TurnEvent.Allocated.class)).hasSize(2);
        assertThat(alice.core.relayed()).hasSize(1);
        assertThat(lab.server.core.allocations()).isEqualTo(1);
        alice.close();
        lab.server.requireNothingLeft();
    }

    @Test
    void aServerThatIsBackAfterARequestWasGivenUpIsStillFound() {
        connect();
        lab.run(RENEWAL.minusSeconds(5));
        lab.server.crash();
        // The renewal of 4:00 is given up at 4:39.5, and tried again 15 seconds later.
        lab.run(Duration.ofSeconds(60));

        lab.startServer(options);
        long upNanos = lab.network.nowNanos();
        TurnEvent.AllocationLost lost = alice.await(TurnEvent.AllocationLost.class, Duration.ofMinutes(1));

        assertThat(lost.failure().refusal()).contains(TurnError.ALLOCATION_MISMATCH);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(lab.network.nowNanos() - upNanos))
                .isLessThan(32);
        assertThat(alice.all(TurnEvent.PermissionFailed.class)).isEmpty();
        assertRecovery();
    }

    @Test
    @Rfc({"8656#5 (3)", "8656#9 (5)"})
    void nobodyGetsWhatWasMeantForTheFormerOwnerOfARelayedAddress() {
        options.minPort = 50_000;
        options.maxPort = 50_000;
        lab = new SessionLab(2, options);
        alice = client(10, NatBehavior.symmetricRandom());
        bob = client(20, NatBehavior.portRestrictedCone());
        PlainPeer carol = lab.peer(lab.publicHost(30));
        PlainPeer dave = lab.peer(lab.publicHost(40));
        TransportAddress relayed = alice.allocate();
        TransportAddress carolAddress = carol.reflexiveAddress(lab.server.address());
        alice.bindChannel(carolAddress);
        Traffic.Flow toAlice = lab.traffic.flow("Carol to Alice", alice, p -> carol.send(relayed, p));
        Traffic.Flow toCarol = lab.traffic.flow("Alice to Carol", carol, p -> alice.send(carolAddress, p));
        lab.exchange(toAlice, toCarol);
        int before = toAlice.sent();

        lab.restartServer(options);
        assertThat(bob.allocate()).isEqualTo(relayed);
        bob.bindChannel(dave.reflexiveAddress(lab.server.address()));
        // Traffic holds it against whoever gets one of these that are not theirs.
        for (int i = 0; i < 5; i++) {
            toAlice.send();
            assertThat(toCarol.send()).isTrue();
        }
        lab.run(Duration.ofSeconds(1));

        assertThat(toAlice.arrived()).hasSize(before);
        assertThat(toCarol.arrived()).hasSize(before);
        assertThat(count(RelayCounter.CHANNEL_DATA_DISCARDED)).isEqualTo(5);
        assertThat(count(RelayCounter.PEER_PACKETS_DISCARDED)).isEqualTo(5);
    }

    @Test
    @Rfc("8656#7.2 (2)")
    void aClientThatIsRestartedOnItsPortFindsItTakenAndAnotherOneFree() {
        lab.run(Duration.ofSeconds(1));
        SimulatedHost host = lab.publicHost(30);
        SimulatedTurnClient first = lab.client(host.open(40_000), lab.server.address(), SimulatedTurnClient.ALICE);
        first.allocate();
        first.vanish();

        SimulatedTurnClient second = lab.client(host.open(40_000), lab.server.address(), SimulatedTurnClient.ALICE);
        Optional<TurnError> refusal =
                second.failToAllocate(AllocateOptions.defaults()).refusal();
        SimulatedTurnClient third = lab.client(host.open(40_001), lab.server.address(), SimulatedTurnClient.ALICE);

        assertThat(refusal).contains(TurnError.ALLOCATION_MISMATCH);
        assertThat(refusal.map(TurnError::remedy)).contains(TurnError.Remedy.NEW_FLOW);
        third.allocate();
        third.close();
        lab.run(Duration.ofMinutes(10));
        second.allocate();
        second.close();
        lab.server.requireNothingLeft();
    }

    private void connect() {
        TransportAddress a = alice.allocate();
        TransportAddress b = bob.allocate();
        alice.bindChannel(b);
        bob.permit(a.ip());
    }

    private long count(RelayCounter counter) {
        return lab.server.core.counters().value(counter);
    }

    /** Both allocate again on the flows that they have, and all goes on. */
    private void assertRecovery() {
        if (bob.all(TurnEvent.AllocationLost.class).isEmpty()) {
            bob.await(TurnEvent.AllocationLost.class, Duration.ofMinutes(5));
        }
        TransportAddress a = alice.allocate();
        TransportAddress b = bob.allocate();
        alice.bindChannel(b);
        bob.permit(a.ip());
        Traffic.Flow toBob = lab.traffic.flow("Alice to Bob", bob, payload -> alice.send(b, payload));
        Traffic.Flow toAlice = lab.traffic.flow("Bob to Alice", alice, payload -> bob.send(a, payload));
        lab.exchange(toBob, toAlice);
        for (SimulatedTurnClient client : List.of(alice, bob)) {
            client.close();
        }
        lab.server.requireNothingLeft();
    }
}
