package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.core.ExclusivePorts;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.net.SimulatedHost;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server refuses, as the client tells it; and that a refusal leaves nothing behind. */
class RefusalTest {
    private final ServerOptions options = new ServerOptions();
    private SessionLab lab = new SessionLab(1);
    private SimulatedHost host = lab.publicHost(10);

    @BeforeEach
    void build() {
        lab = new SessionLab(1, options);
        host = lab.publicHost(10);
    }

    private SimulatedTurnClient alice() {
        return lab.client(host, SimulatedTurnClient.ALICE);
    }

    private SimulatedTurnClient bob() {
        return lab.client(host, SimulatedTurnClient.BOB);
    }

    private static TurnFailure refused(SimulatedTurnClient client) {
        return client.failToAllocate(AllocateOptions.defaults());
    }

    @Test
    @Rfc({"8489#9.2.4 (10)", "8489#9.2.4 (12)"})
    void wrongPasswordAndUnknownUserAreToldAlikeAfterOneTry() {
        SimulatedTurnClient wrong = lab.client(host, new LongTermCredential("alice", "guess"));
        SimulatedTurnClient unknown = lab.client(host, new LongTermCredential("mallory", "guess"));

        assertThat(refused(wrong).refusal()).contains(TurnError.UNAUTHENTICATED);
        assertThat(refused(unknown).refusal()).contains(TurnError.UNAUTHENTICATED);
        assertThat(count(RelayCounter.CHALLENGES)).isEqualTo(2);
        assertThat(count(RelayCounter.AUTHENTICATION_FAILURES)).isEqualTo(2);
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc("8656#5 (5)")
    void quotaOfOneUserIsNobodyElses() {
        options.maxAllocationsPerUser = 2;
        build();
        SimulatedTurnClient first = alice();
        SimulatedTurnClient second = alice();
        SimulatedTurnClient third = alice();
        first.allocate();
        second.allocate();

        TurnError refusal = refused(third).refusal().orElseThrow();
        SimulatedTurnClient bob = bob();
        bob.allocate();

        assertThat(refusal).isEqualTo(TurnError.ALLOCATION_QUOTA_REACHED);
        assertThat(refusal.remedy()).isEqualTo(TurnError.Remedy.WAIT_A_MINUTE);
        assertThat(lab.server.ledger.totals()).isEqualTo(new Ledger.Totals(3, 0, 3, 2));
        first.close();
        third.allocate();
        List.of(second, third, bob).forEach(SimulatedTurnClient::close);
        lab.server.requireNothingLeft();
    }

    @Test
    @ExclusivePorts
    @Rfc("8656#7.2 (12)")
    void fullRangeIsToldAndEveryPortIsGivenOnceAndAgain() {
        options.maxPort = options.minPort + 7;
        build();
        List<SimulatedTurnClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(i % 2 == 0 ? alice() : bob());
        }
        assertThat(clients.stream().map(client -> client.allocate().port()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= options.minPort && port <= options.maxPort);
        SimulatedTurnClient late = alice();

        TurnError refusal = refused(late).refusal().orElseThrow();

        assertThat(refusal).isEqualTo(TurnError.INSUFFICIENT_CAPACITY);
        assertThat(refusal.remedy()).isEqualTo(TurnError.Remedy.WAIT_A_MINUTE);
        // One goes without a word: its port is free when its lifetime is over.
        clients.remove(3).vanish();
        lab.run(Duration.ofMinutes(10));
        late.allocate();
        clients.add(late);
        clients.forEach(SimulatedTurnClient::close);
        lab.server.requireNothingLeft();
    }

    @Test
    @ExclusivePorts
    @Rfc("8656#7.2 (12)")
    void portsOfOtherProgramsArePassedOver() {
        options.maxPort = options.minPort + 7;
        build();
        for (int port = options.minPort; port <= options.maxPort; port += 2) {
            lab.serverHost().open(new InetSocketAddress(lab.serverHost().address(), port));
        }
        List<SimulatedTurnClient> clients = List.of(alice(), alice(), bob(), bob());

        assertThat(clients.stream().map(client -> client.allocate().port()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port % 2 == 1);
        assertThat(refused(alice()).refusal()).contains(TurnError.INSUFFICIENT_CAPACITY);
        clients.forEach(SimulatedTurnClient::close);
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc({"8656#7.2 (11)", "8489#14.15"})
    void drainingServerSendsNewClientsElsewhereAndServesTheOldOnes() {
        SimulatedTurnServer other = lab.serverAt("203.0.113.6", options);
        SimulatedTurnClient old = alice();
        SimulatedTurnClient bob = bob();
        TransportAddress a = old.allocate();
        TransportAddress b = bob.allocate();
        old.bindChannel(b);
        bob.permit(a.ip());

        lab.server.core.drain(List.of(new Alternate(other.address(), "turn.example.org")));
        TurnFailure failure = refused(alice());

        assertThat(failure)
                .isEqualTo(new TurnFailure.TryAlternate(List.of(other.address()), List.of("turn.example.org")));
        SimulatedTurnClient moved = lab.client(host.open(), other.address(), SimulatedTurnClient.ALICE);
        moved.allocate();
        assertThat(other.core.allocations()).isEqualTo(1);
        lab.run(Duration.ofHours(1));
        lab.exchange(
                lab.traffic.flow("to Bob", bob, payload -> old.send(b, payload)),
                lab.traffic.flow("to Alice", old, payload -> bob.send(a, payload)));
        List.of(old, bob, moved).forEach(SimulatedTurnClient::close);
        lab.server.requireNothingLeft();
        other.requireNothingLeft();
    }

    @Test
    @Rfc("8656#7.2 (11)")
    void drainingServerThatKnowsNoOtherIsFull() {
        lab.server.core.drain(List.of());

        assertThat(refused(alice()).refusal()).contains(TurnError.INSUFFICIENT_CAPACITY);
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc({"8656#10.2 (4)", "8656#12.2 (6)"})
    void deniedPeersAreToldAndTheAllocationGoesOn() {
        SimulatedTurnClient alice = alice();
        alice.allocate();
        IpAddress inside = IpAddress.parse("10.0.0.7").orElseThrow();

        alice.askForPermission(inside);
        TurnEvent.PermissionFailed permission = alice.await(TurnEvent.PermissionFailed.class, Duration.ofSeconds(1));
        alice.askForChannel(new TransportAddress(inside, 5000));
        TurnEvent.ChannelFailed channel = alice.await(TurnEvent.ChannelFailed.class, Duration.ofSeconds(1));

        assertThat(permission.failure().refusal()).contains(TurnError.FORBIDDEN);
        assertThat(channel.failure().refusal()).contains(TurnError.FORBIDDEN);
        alice.permit(SessionLab.publicAddress(10));
        alice.close();
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc("8656#12.2 (6)")
    void channelToARelayedAddressThatHasEndedIsLostAndTheAllocationGoesOn() {
        SimulatedTurnClient alice = alice();
        SimulatedTurnClient bob = bob();
        alice.allocate();
        TransportAddress b = bob.allocate();
        alice.bindChannel(b);

        bob.close();
        TurnEvent.ChannelFailed lost = alice.await(TurnEvent.ChannelFailed.class, Duration.ofMinutes(10));
        lab.run(Duration.ofHours(1));

        assertThat(lost.failure().refusal()).contains(TurnError.FORBIDDEN);
        assertThat(alice.core.relayed()).hasSize(1);
        assertThat(lab.server.books.channels()).isZero();
        alice.close();
        lab.server.requireNothingLeft();
    }

    private long count(RelayCounter counter) {
        return lab.server.core.counters().value(counter);
    }
}
