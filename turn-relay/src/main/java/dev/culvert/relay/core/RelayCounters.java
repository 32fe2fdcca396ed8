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

    public void add(RelayCounter counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    public long value(RelayCounter counter) {
        return values[counter.ordinal()];
    }

    /** A new set that holds the sum of all {@code parts} at this moment. */
    public static RelayCounters sum(Iterable<RelayCounters> parts) {
        RelayCounters sum = new RelayCounters();
        for (RelayCounters part : parts) {
            for (int i = 0; i < sum.values.length; i++) {
                sum.values[i] += part.values[i];
            }
        }
        return sum;
    }

    /** Every counter that is not 0, as {@code NAME=value}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (RelayCounter counter : RelayCounter.values()) {
            if (value(counter) != 0) {
                text.append(text.length() > 1 ? ", " : "")
                        .append(counter)
                        .append('=')
                        .append(value(counter));
            }
        }
        return text.append(']').toString();
    }
}
