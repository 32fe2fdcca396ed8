package dev.culvert.relay.core;

import dev.culvert.server.config.ServerConfig.Transport;

/**
 * How many allocations of each transport are in each state. Mutable, written by one thread without locks; others may read,
 * and see the writes of a moment ago.
 */
public final class AllocationCensus {
    private static final int STATES = AllocationState.values().length;

    private final long[] counts = new long[Transport.values().length * STATES];

    AllocationCensus() {}

    void enter(Transport transport, AllocationState state) {
        counts[index(transport, state)]++;
    }

    void leave(Transport transport, AllocationState state) {
        counts[index(transport, state)]--;
    }

    /** How many there are. */
    public long count(Transport transport, AllocationState state) {
        return counts[index(transport, state)];
    }

    private static int index(Transport transport, AllocationState state) {
        return transport.ordinal() * STATES + state.ordinal();
    }
}
