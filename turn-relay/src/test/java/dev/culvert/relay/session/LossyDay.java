package dev.culvert.relay.session;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RunningTimers;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/**
 * A day on bad links: Alice and Bob by channels between their relayed addresses, Alice and Carol, who has no TURN, by
 * indications. Every fourth hour all are silent, so that only refreshes keep the NATs open. Alice's NAT forgets all its
 * mappings now and then, and her flow becomes another 5-tuple.
 */
final class LossyDay {
    private static final int HOURS = 24;
    private static final int ROUNDS_PER_HOUR = 120;
    private static final Duration ROUND = Duration.ofSeconds(30);

    /** Two links on the way, each of which loses one datagram in ten: 81 % are left. */
    private static final double LEAST_SHARE = 0.7;

    /** In an hour with a restart of the NAT, the flow is dead until the next refresh. */
    private static final double LEAST_SHARE_OF_AN_HOUR = 0.5;

    /** Each of these links may duplicate. */
    private static final int MOST_COPIES = 4;

    private final SessionLab lab;
    private final Random random;
    private final SimulatedNat aliceNat;
    private final SimulatedTurnClient alice;
    private final SimulatedTurnClient bob;
    private int natRestarts;

    LossyDay(long seed, long startNanos) {
        ServerOptions options = new ServerOptions();
        options.seed = seed;
        lab = new SessionLab(seed, startNanos, options);
        random = new Random(seed);
        MappingLifetime lifetime = MappingLifetime.of(Duration.ofMinutes(5)).outboundRefreshOnly();
        aliceNat = lab.nat(10, NatBehavior.symmetricRandom().with(lifetime));
        SimulatedNat bobNat = lab.nat(20, NatBehavior.portRestrictedCone().with(lifetime));
        SimulatedHost carolHost = lab.hostBehind(bobNat, 20, 2);
        alice = lab.client(lossy(lab.hostBehind(aliceNat, 10, 1)), SimulatedTurnClient.ALICE);
        bob = lab.client(lossy(lab.hostBehind(bobNat, 20, 1)), SimulatedTurnClient.BOB);
        PlainPeer carol = lab.peer(carolHost);
        TransportAddress carolAddress = carol.reflexiveAddress(lab.server.address());
        lossy(carolHost);
        for (SimulatedTurnClient client : List.of(alice, bob)) {
            client.onEvents(event -> onEvent(client, event, carolAddress));
        }
        Traffic traffic = lab.traffic;
        traffic.flow("Carol to Alice", alice, p -> alice.core.relayed().stream().anyMatch(to -> carol.send(to, p)));
        traffic.flow("Bob to Alice", alice, payload -> send(bob, alice, payload));
        traffic.flow("Alice to Bob", bob, payload -> send(alice, bob, payload));
        traffic.flow("Alice to Carol", carol, payload -> alice.send(carolAddress, payload));
    }

    private static SimulatedHost lossy(SimulatedHost host) {
        return host.link(Link.withLatency(Duration.ofMillis(20))
                .jittered(Duration.ofMillis(10))
                .losing(0.1)
                .duplicating(0.02)
                .reordering(0.05, Duration.ofMillis(40)));
    }

    private static boolean send(SimulatedTurnClient from, SimulatedTurnClient to, ByteBuffer payload) {
        return to.core.relayed().stream().anyMatch(relayed -> from.send(relayed, payload));
    }

    /** What applications do: allocate again where the allocation is lost, and tell each other. */
    private void onEvent(SimulatedTurnClient client, TurnEvent event, TransportAddress carol) {
        if (event instanceof TurnEvent.AllocationLost) {
            client.askForAllocation(AllocateOptions.defaults());
        } else if (event instanceof TurnEvent.Allocated) {
            alice.core.relayed().forEach(relayed -> meet(bob, relayed));
            bob.core.relayed().forEach(relayed -> meet(alice, relayed));
            if (client == alice) {
                alice.askForPermission(carol.ip());
            }
        } else if (event instanceof TurnEvent.AllocationFailed || event instanceof TurnEvent.PermissionFailed) {
            throw new AssertionError(client + ": " + event);
        }
    }

    private static void meet(SimulatedTurnClient client, TransportAddress peer) {
        if (!client.core.relayed().isEmpty()) {
            client.askForChannel(peer);
        }
    }

    void run() {
        alice.askForAllocation(AllocateOptions.defaults());
        bob.askForAllocation(AllocateOptions.defaults());
        lab.run(Duration.ofMinutes(2));
        for (int hour = 0; hour < HOURS; hour++) {
            if (hour % 4 == 3) {
                passSilentHour();
            } else {
                passBusyHour(hour % 3 == 1);
            }
            lab.network.trace().clear();
        }
        requireDay();
        end();
    }

    private void passBusyHour(boolean natRestarts) {
        int restartAt = natRestarts ? random.nextInt(ROUNDS_PER_HOUR) : -1;
        List<Integer> before =
                lab.traffic.flows().stream().map(flow -> flow.arrived().size()).toList();
        for (int round = 0; round < ROUNDS_PER_HOUR; round++) {
            if (round == restartAt) {
                aliceNat.restart();
                this.natRestarts++;
            }
            lab.traffic.flows().forEach(Traffic.Flow::send);
            lab.run(ROUND);
            lab.server.requireBalance();
        }
        for (Traffic.Flow flow : lab.traffic.flows()) {
            int arrived = flow.arrived().size() - before.get(lab.traffic.flows().indexOf(flow));
            require(arrived >= LEAST_SHARE_OF_AN_HOUR * ROUNDS_PER_HOUR, flow + " in an hour: " + arrived);
        }
    }

    private void passSilentHour() {
        int losses = alice.all(TurnEvent.AllocationLost.class).size();
        for (int round = 0; round < ROUNDS_PER_HOUR; round++) {
            lab.run(ROUND);
            lab.server.requireBalance();
        }
        int lossesAfter = alice.all(TurnEvent.AllocationLost.class).size();
        require(losses == lossesAfter || lossesAfter == natRestarts, "lost in silence: " + alice.events);
        require(aliceNat.mappings().size() == 1, "mappings " + aliceNat.mappings());
        // What older 5-tuples had is over: left are two allocations, one channel each, and Carol's and two permissions.
        require(lab.server.ledger.totals().equals(new Ledger.Totals(2, 0, 2, 2)), "" + lab.server.ledger.totals());
        require(lab.server.books.channels() == 2, "channels " + lab.server.books.channels());
        require(RunningTimers.of(lab.server.core) == 7, "timers " + RunningTimers.of(lab.server.core));
    }

    private void requireDay() {
        int aliceLosses = alice.all(TurnEvent.AllocationLost.class).size();
        require(aliceLosses == natRestarts, "lost " + aliceLosses + " times, for " + natRestarts + " restarts");
        require(bob.all(TurnEvent.AllocationLost.class).isEmpty(), "Bob's: " + bob.events);
        for (Traffic.Flow flow : lab.traffic.flows()) {
            int distinct = new HashSet<>(flow.arrived()).size();
            require(distinct >= LEAST_SHARE * flow.sent(), flow + ": " + distinct + " of " + flow.sent());
            int[] copies = new int[flow.sent()];
            flow.arrived().forEach(number -> copies[number]++);
            for (int number = 0; number < copies.length; number++) {
                require(copies[number] <= MOST_COPIES, flow + ": " + copies[number] + " times number " + number);
            }
        }
    }

    private void end() {
        alice.close();
        bob.vanish();
        // The longest that anything lives unless it is refreshed, and a little.
        lab.run(Duration.ofMinutes(11));
        lab.server.requireNothingLeft();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
