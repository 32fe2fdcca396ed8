package dev.culvert.relay.core;

import dev.culvert.relay.core.OpenedPorts.Bound;
import dev.culvert.relay.core.OpenedPorts.None;
import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.server.core.Counters;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses among the shared relay ports of one event loop, and opens more of them. Owned by one thread. */
final class SharedPorts implements PortSource {
    private final RelayMode mode;
    private final PortOpener opener;
    private final Counters<RelayCounter> counters;
    private final long seed;
    private final Map<RelayAddress, List<SharedPort>> open = new HashMap<>();

    SharedPorts(RelayMode mode, PortOpener opener, Counters<RelayCounter> counters, long seed) {
        this.mode = mode;
        this.opener = opener;
        this.counters = counters;
        this.seed = seed;
    }

    /** The port on which the new relayed address is the least likely to meet another one's peers. */
    @Override
    public OpenedPorts open(Request request, AddressFamily family, Choice choice) {
        Optional<RelayAddress> address =
                opener.address(family, request.flow().local().ip());
        // RFC 8656 §7.2 (7): a family that is not served is a 440.
        if (address.isEmpty()) {
            return None.ofFamily(family);
        }
        // RFC 8656 §7.2 (8): a port that cannot be reserved is a 508; what is shared is nobody's to reserve.
        if (choice == Choice.PAIR) {
            return new None(
                    Ledger.FULL,
                    Optional.empty(),
                    new Refusal(RefusalReason.RESERVATION, "shared relay ports are not reserved, --relay-mode"));
        }
        List<SharedPort> here = open.computeIfAbsent(address.get(), unused -> new ArrayList<>());
        SharedPort best = best(here, request, choice);
        if (best != null && !asksForAnother(best, here.size(), request)) {
            return new Bound(address.get(), List.of(best.port));
        }
        OpenedPorts opened = opener.find(address.get(), choice, request.out());
        if (opened instanceof Bound bound) {
            add(here, bound.ports().get(0));
            return opened;
        }
        return best == null ? opener.counted(opened) : new Bound(address.get(), List.of(best.port));
    }

    private static @Nullable SharedPort best(List<SharedPort> here, Request request, Choice choice) {
        return here.stream()
                .filter(shared -> choice == Choice.ANY || shared.port.local().port() % 2 == 0)
                .min(Comparator.<SharedPort>comparingInt(shared -> kin(shared, request))
                        .thenComparingInt(SharedPort::relays))
                .orElse(null);
    }

    private boolean asksForAnother(SharedPort best, int count, Request request) {
        return count < mode.firstPorts() || kin(best, request) > 0 && count < mode.mostPorts();
    }

    private static int kin(SharedPort shared, Request request) {
        IpAddress client = request.flow().remote().ip();
        return shared.relays(request.credential().userId(), client);
    }

    private void add(List<SharedPort> here, RelayPort port) {
        SharedPort shared = new SharedPort(port, here, counters, seed);
        port.owner = shared;
        here.add(shared);
    }
}
