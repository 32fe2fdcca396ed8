package dev.culvert.relay.session;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.AllocateOptions.EvenPortWanted;
import dev.culvert.ice.turn.AllocateOptions.Families;
import dev.culvert.ice.turn.AllocateOptions.ReservedPort;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.relay.core.RelayMode;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.nat.MappingLifetime;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Two hours of clients of two users that allocate, permit, bind, send, close, vanish and come back, by chance. */
final class Churn {
    private static final int STEPS = 1500;
    private static final int CLIENTS = 6;
    private static final List<NatBehavior> NATS = List.of(
            NatBehavior.symmetricRandom().with(MappingLifetime.of(Duration.ofMinutes(2))),
            NatBehavior.portRestrictedCone(),
            NatBehavior.linuxMasquerade(true));

    private final Random random;
    private final SessionLab lab;
    private final List<SimulatedNat> nats = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>();
    private final List<Long> tokens = new ArrayList<>();
    private int allocations;

    /** One place at a host, where a client sits until it goes. */
    private final class Seat {
        final SimulatedHost host;
        SimulatedTurnClient client;
        Optional<TransportAddress> mapped = Optional.empty();
        boolean isBusy;
        boolean needsNewFlow;

        Seat(SimulatedHost host) {
            this.host = host;
            client = sitDown();
        }

        SimulatedTurnClient sitDown() {
            boolean isAlice = random.nextBoolean();
            SimulatedTurnClient next = lab.client(host, isAlice ? SimulatedTurnClient.ALICE : SimulatedTurnClient.BOB);
            client = next;
            isBusy = false;
            needsNewFlow = false;
            next.onEvents(event -> onEvent(next, event));
            return next;
        }

        private void onEvent(SimulatedTurnClient from, TurnEvent event) {
            if (from == client && event instanceof TurnEvent.Allocated allocated) {
                allocations++;
                mapped = Optional.of(allocated.mapped());
                allocated.reservation().ifPresent(tokens::add);
            }
            // The NAT gave the flow a port again that the server still knows.
            needsNewFlow |= event instanceof TurnEvent.AllocationFailed failed
                    && failed.failure().isMismatch();
            boolean isOver = event instanceof TurnEvent.AllocationFailed
                    || event instanceof TurnEvent.AllocationLost
                    || event instanceof TurnEvent.Closed;
            if (isOver && from == client) {
                isBusy = false;
            }
        }
    }

    Churn(long seed, long startNanos) {
        random = new Random(seed);
        ServerOptions options = new ServerOptions();
        options.seed = seed;
        options.maxPort = options.minPort + 23;
        options.maxAllocationsPerUser = 9;
        if (options.mode.isShared()) {
            // Everybody relays to everybody, and two allocations on one port would be one peer.
            options.mode = new RelayMode(24, 24);
        }
        lab = new SessionLab(seed, startNanos, options);
        for (NatBehavior behavior : NATS) {
            nats.add(lab.nat(10 + nats.size(), behavior));
        }
        for (int i = 0; i < CLIENTS; i++) {
            int site = i % nats.size();
            seats.add(new Seat(lossy(lab.hostBehind(nats.get(site), 10 + site, i + 1))));
        }
    }

    private static SimulatedHost lossy(SimulatedHost host) {
        return host.link(Link.withLatency(Duration.ofMillis(20))
                .losing(0.1)
                .duplicating(0.05)
                .reordering(0.1, Duration.ofMillis(300)));
    }

    /** How many allocations were made. */
    int allocations() {
        return allocations;
    }

    /** How many payloads arrived. */
    int arrivals() {
        return lab.traffic.flows().stream()
                .mapToInt(flow -> flow.arrived().size())
                .sum();
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step(seats.get(random.nextInt(CLIENTS)));
            lab.run(Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 60_000 : 3000)));
            lab.server.requireBalance();
            lab.network.trace().clear();
        }
        seats.forEach(seat -> seat.client.vanish());
        lab.run(Duration.ofMinutes(11));
        lab.server.requireNothingLeft();
    }

    private void step(Seat seat) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> allocate(seat);
            case 3, 4 -> peer(seat).ifPresent(peer -> seat.client.askForPermission(peer.ip()));
            case 5, 6 -> peer(seat).ifPresent(seat.client::askForChannel);
            case 7, 8, 9 -> send(seat);
            case 10 -> end(seat);
            default -> forget();
        }
    }

    private void allocate(Seat seat) {
        if (seat.isBusy) {
            return;
        }
        if (seat.needsNewFlow) {
            seat.client.vanish();
            seat.sitDown();
        }
        seat.isBusy = true;
        seat.client.askForAllocation(options());
    }

    private AllocateOptions options() {
        AllocateOptions defaults = AllocateOptions.defaults();
        return switch (random.nextInt(6)) {
            case 0 -> defaults.withFamilies(Families.IPV6);
            case 1 -> defaults.withFamilies(Families.DUAL);
            case 2 -> defaults.withPort(new EvenPortWanted(true));
            case 3 ->
                tokens.isEmpty() ? defaults : defaults.withPort(new ReservedPort(tokens.remove(tokens.size() - 1)));
            default -> defaults;
        };
    }

    /** A relayed address of somebody, mostly of the neighbour, that {@code seat} can relay to. */
    private Optional<TransportAddress> peer(Seat seat) {
        List<TransportAddress> relayed = somebody(seat).client.core.relayed().stream()
                .filter(peer -> seat.client.core.relayed(peer.ip().family()).isPresent())
                .toList();
        return relayed.isEmpty() ? Optional.empty() : Optional.of(relayed.get(random.nextInt(relayed.size())));
    }

    private Seat somebody(Seat seat) {
        int neighbour = seats.indexOf(seat) ^ 1;
        return seats.get(random.nextInt(4) > 0 ? neighbour : random.nextInt(CLIENTS));
    }

    private void send(Seat seat) {
        Seat other = somebody(seat);
        for (TransportAddress to : other.client.core.relayed()) {
            // A client behind a NAT that forgot learns late that its address has become another's.
            if (lab.server.books.client(to).equals(other.mapped)) {
                Traffic.Flow flow = lab.traffic.flow("to " + to, other.client, p -> seat.client.send(to, p));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    flow.send();
                }
            }
        }
    }

    private void end(Seat seat) {
        if (random.nextInt(3) == 0) {
            seat.client.vanish();
            seat.sitDown();
        } else if (seat.isBusy) {
            seat.client.askToClose();
        }
    }

    private void forget() {
        if (random.nextInt(5) == 0) {
            nats.get(random.nextInt(nats.size())).restart();
        }
    }
}
