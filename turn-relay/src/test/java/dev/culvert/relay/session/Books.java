package dev.culvert.relay.session;

import dev.culvert.relay.core.ChannelBinding;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayEvent;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.ChannelBound;
import dev.culvert.relay.core.RelayEvent.ChannelEnded;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Books kept from a server's events, to be held against what the server and its ledger say of themselves. */
final class Books {
    private final Map<FiveTuple, AllocationCreated> allocations = new LinkedHashMap<>();
    private final Set<ChannelBinding> channels = new LinkedHashSet<>();
    private final boolean areShared;
    private long bytesToPeers;
    private long bytesToClients;

    Books(boolean areShared) {
        this.areShared = areShared;
    }

    /** Takes an event, which must fit what is in the books. */
    void take(RelayEvent event) {
        if (event instanceof AllocationCreated created) {
            require(allocations.put(created.flow(), created) == null, event);
        } else if (event instanceof AllocationEnded ended) {
            require(allocations.remove(ended.flow()) != null, event);
            bytesToPeers += ended.traffic().bytesToPeers();
            bytesToClients += ended.traffic().bytesToClient();
        } else if (event instanceof ChannelBound bound) {
            require(channels.add(bound.binding()), event);
        } else if (event instanceof ChannelEnded ended) {
            require(channels.remove(ended.binding()), event);
        }
    }

    /** Relayed addresses of all allocations. */
    int relays() {
        return allocations.values().stream()
                .mapToInt(created -> created.relayed().size())
                .sum();
    }

    /** The client, as the server sees it, to which a relayed address belongs. */
    Optional<TransportAddress> client(TransportAddress relayed) {
        return allocations.values().stream()
                .filter(created -> created.relayed().contains(relayed))
                .findFirst()
                .map(created -> created.flow().remote());
    }

    /** The ports of these: one for each unless they are shared. */
    private int ports() {
        return areShared
                ? (int) allocations.values().stream()
                        .flatMap(created -> created.relayed().stream())
                        .distinct()
                        .count()
                : relays();
    }

    int channels() {
        return channels.size();
    }

    /** What ended allocations had sent to their peers. */
    long bytesToPeers() {
        return bytesToPeers;
    }

    /** What ended allocations had sent to their clients. */
    long bytesToClients() {
        return bytesToClients;
    }

    /**
     * Throws where the books and the server differ.
     *
     * @param totals of a ledger that serves this server alone
     * @param sockets relay sockets that are open
     * @param served allocations by the server's own count
     * @param timers of the server
     */
    void requireBalance(Ledger.Totals totals, int sockets, int served, int timers) {
        int reservations = totals.reservations();
        agree("allocations", allocations.size(), served);
        agree("sockets", ports() + reservations, sockets);
        agree("ports taken", sockets, totals.ports());
        agree("units of the quotas", allocations.size() + reservations, totals.units());
        for (ChannelBinding channel : channels) {
            require(allocations.containsKey(channel.client()), channel);
        }
        int least = relays() + channels.size() + reservations;
        if (timers < least) {
            throw new AssertionError("only " + timers + " timers for " + least + " things that end");
        }
    }

    private static void agree(String what, int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError(what + ": " + actual + " where the books have " + expected);
        }
    }

    private static void require(boolean fits, Object subject) {
        if (!fits) {
            throw new AssertionError("does not fit the books: " + subject);
        }
    }
}
