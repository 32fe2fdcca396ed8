package dev.culvert.relay.core;

/**
 * One number per {@link RelayCounter}. Mutable, written by one thread without locks; others may read, and see the writes
 * of a moment ago.
 */
public final class RelayCounters {
    private final long[] values = new long[RelayCounter.values().length];

    public void increment(RelayCounter counter) {
        values[counter.ordinal()]++;
    }

    void add(RelayCounter counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    public long value(RelayCounter counter) {
        return values[counter.ordinal()];
    }
}
