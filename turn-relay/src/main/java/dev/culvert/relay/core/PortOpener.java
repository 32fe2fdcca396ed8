package dev.culvert.relay.core;

import dev.culvert.relay.core.OpenedPorts.Bound;
import dev.culvert.relay.core.OpenedPorts.None;
import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.relay.core.RelayOpening.Opened;
import dev.culvert.server.core.Counters;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finds relay ports that are free both in the {@link Ledger} and on the machine. Owned by one thread. */
final class PortOpener implements PortSource {
    /** How many ports of others are stumbled over before the range counts as full. */
    private static final int ATTEMPTS = 64;

    private static final Refusal NO_PORT = new Refusal(RefusalReason.PORTS, "no free port that will do, --relay-ports");
    private static final Refusal NO_SOCKET =
            new Refusal(RefusalReason.SOCKETS, "the system gives no socket: see its file descriptors and memory");

    private final RelayAddresses addresses;
    private final Ledger ledger;
    private final RandomGenerator random;
    private final Counters<RelayCounter> counters;

    PortOpener(RelayAddresses addresses, Ledger ledger, RandomGenerator random, Counters<RelayCounter> counters) {
        this.addresses = addresses;
        this.ledger = ledger;
        this.random = random;
        this.counters = counters;
    }

    /** The address on which a relayed address of {@code family} is; empty where that is not served. */
    Optional<RelayAddress> address(AddressFamily family, IpAddress asked) {
        return addresses.of(family, asked);
    }

    /** Binds a port of {@code family}, or two, and takes them in the ledger. */
    @Override
    public OpenedPorts open(Request request, AddressFamily family, Choice choice) {
        // RFC 8656 §7.2 (7): a family that is not served is a 440.
        return address(family, request.flow().local().ip())
                .map(address -> counted(find(address, choice, request.out())))
                .orElseGet(() -> None.ofFamily(family));
    }

    /** Counts it where there is none. */
    OpenedPorts counted(OpenedPorts opened) {
        if (opened instanceof None none) {
            none.counter().ifPresent(counters::increment);
        }
        return opened;
    }

    /** Binds a port, or two, and takes them in the ledger; counts nothing. */
    OpenedPorts find(RelayAddress address, Choice choice, RelayOutput out) {
        List<Integer> ofOthers = new ArrayList<>();
        OpenedPorts opened = find(address, choice, ofOthers, out);
        // Only now, so that none of them was tried twice.
        ofOthers.forEach(port -> ledger.giveBack(address, port));
        return opened;
    }

    private OpenedPorts find(RelayAddress address, Choice choice, List<Integer> ofOthers, RelayOutput out) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ledger.takePort(address, choice, random);
            if (first == PortPool.NO_PORT) {
                return portsFull();
            }
            int last = choice == Choice.PAIR ? first + 1 : first;
            List<RelayPort> bound = new ArrayList<>(2);
            RelayOpening outcome = bind(address, first, last, bound, out);
            if (outcome instanceof Opened) {
                return new Bound(address, bound);
            }
            bound.forEach(out::closeRelay);
            for (int port = first; port <= last; port++) {
                ofOthers.add(port);
            }
            if (outcome == RelayOpening.Failure.EXHAUSTED) {
                return new None(Ledger.FULL, Optional.of(RelayCounter.SOCKETS_REFUSED), NO_SOCKET);
            }
        }
        return portsFull();
    }

    private static None portsFull() {
        return new None(Ledger.FULL, Optional.of(RelayCounter.PORTS_FULL), NO_PORT);
    }

    /** Binds all from {@code first} to {@code last}; says what came of the last one that was tried. */
    private static RelayOpening bind(
            RelayAddress address, int first, int last, List<RelayPort> bound, RelayOutput out) {
        RelayOpening opening = RelayOpening.Failure.EXHAUSTED;
        for (int port = first; port <= last; port++) {
            opening = out.openRelay(new TransportAddress(address.local(), port));
            if (!(opening instanceof Opened opened)) {
                return opening;
            }
            bound.add(opened.port());
        }
        return opening;
    }
}
