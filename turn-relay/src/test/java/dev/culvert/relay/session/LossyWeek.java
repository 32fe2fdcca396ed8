package dev.culvert.relay.session;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/**
 * A week on bad links with a server that is killed twice a day, every other time with the loss of its nonce keys, and
 * whose nonces live for some minutes. Alice and Bob talk by channels; both allocate anew whenever they learn of a loss.
 */
final class LossyWeek {
    private static final int HOURS = 7 * 24;
    private static final int HOURS_BETWEEN_RESTARTS = 12;
    private static final int ROUNDS_PER_HOUR = 120;
    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final Duration NONCE_LIFETIME = Duration.ofMinutes(7);

    /** Two links on the way, each of which loses one datagram in ten: 81 % are left. */
    private static final double LEAST_SHARE = 0.75;

    /** A restart is noticed at the next renewal, four minutes later at most, and then both must meet again. */
    private static final double LEAST_SHARE_OF_AN_HOUR = 0.6;

    private final ServerOptions options = new ServerOptions();
    private final Random random;
    private final SessionLab lab;
    private final SimulatedTurnClient alice;
    private final SimulatedTurnClient bob;
    private int restarts;
    private long staleNonces;

    LossyWeek(long seed, long startNanos) {
        options.seed = seed;
        options.nonceLifetime = NONCE_LIFETIME;
        random = new Random(seed);
        lab = new SessionLab(seed, startNanos, options);
        alice = client(10, NatBehavior.symmetricRandom(), SimulatedTurnClient.ALICE);
        bob = client(20, NatBehavior.portRestrictedCone(), SimulatedTurnClient.BOB);
        lab.traffic.flow("Alice to Bob", bob, payload -> send(alice, bob, payload));
        lab.traffic.flow("Bob to Alice", alice, payload -> send(bob, alice, payload));
    }

    private SimulatedTurnClient client(int site, NatBehavior nat, LongTermCredential credential) {
        MappingLifetime lifetime = MappingLifetime.of(Duration.ofMinutes(5)).outboundRefreshOnly();
        SimulatedHost host = lab.hostBehind(lab.nat(site, nat.with(lifetime)), site, 1);
        host.link(Link.withLatency(Duration.ofMillis(20))
                .jittered(Duration.ofMillis(10))
                .losing(0.1)
                .reordering(0.05, Duration.ofMillis(40)));
        SimulatedTurnClient client = lab.client(host, credential);
        client.onEvents(event -> onEvent(client, event));
        return client;
    }

    private static boolean send(SimulatedTurnClient from, SimulatedTurnClient to, ByteBuffer payload) {
        return to.core.relayed().stream().anyMatch(relayed -> from.send(relayed, payload));
    }

    private void onEvent(SimulatedTurnClient client, TurnEvent event) {
        if (event instanceof TurnEvent.AllocationLost) {
            client.askForAllocation(AllocateOptions.defaults());
        } else if (event instanceof TurnEvent.Allocated) {
            alice.core.relayed().forEach(relayed -> meet(bob, relayed));
            bob.core.relayed().forEach(relayed -> meet(alice, relayed));
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
            boolean isRestart = hour % HOURS_BETWEEN_RESTARTS == HOURS_BETWEEN_RESTARTS - 1;
            passHour(isRestart ? random.nextInt(ROUNDS_PER_HOUR) : -1);
            lab.network.trace().clear();
        }
        requireWeek();
        alice.close();
        bob.close();
        lab.run(Duration.ofMinutes(11));
        lab.server.requireNothingLeft();
    }

    private void passHour(int restartAt) {
        int[] before = lab.traffic.flows().stream()
                .mapToInt(flow -> flow.arrived().size())
                .toArray();
        for (int round = 0; round < ROUNDS_PER_HOUR; round++) {
            if (round == restartAt) {
                restart();
            }
            lab.traffic.flows().forEach(Traffic.Flow::send);
            lab.run(ROUND);
            lab.server.requireBalance();
        }
        for (int i = 0; i < before.length; i++) {
            Traffic.Flow flow = lab.traffic.flows().get(i);
            int arrived = flow.arrived().size() - before[i];
            require(arrived >= LEAST_SHARE_OF_AN_HOUR * ROUNDS_PER_HOUR, flow + " in an hour: " + arrived);
        }
    }

    private void restart() {
        restarts++;
        staleNonces += countStaleNonces();
        if (restarts % 2 == 0) {
            options.nonceKeys = NonceKeys.random(random);
        }
        lab.restartServer(options);
    }

    private long countStaleNonces() {
        return lab.server.core.counters().value(RelayCounter.AUTHENTICATION_FAILURES);
    }

    private void requireWeek() {
        for (SimulatedTurnClient client : List.of(alice, bob)) {
            int losses = client.all(TurnEvent.AllocationLost.class).size();
            require(losses == restarts, client + " lost " + losses + " allocations in " + restarts + " restarts");
        }
        staleNonces += countStaleNonces();
        // Each client asks for something every four minutes, so nearly every second nonce is stale.
        require(staleNonces > HOURS * 8, "stale nonces: " + staleNonces);
        for (Traffic.Flow flow : lab.traffic.flows()) {
            int distinct = new HashSet<>(flow.arrived()).size();
            require(distinct >= LEAST_SHARE * flow.sent(), flow + ": " + distinct + " of " + flow.sent());
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
