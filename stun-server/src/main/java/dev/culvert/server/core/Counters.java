package dev.culvert.server.core;

/**
 * One number per {@link Counter}. Mutable, written by one thread without locks; others may read, and see the writes of a
 * moment ago.
 */
public final class Counters {
    private final long[] values = new long[Counter.values().length];

    public void increment(Counter counter) {
        values[counter.ordinal()]++;
    }

    public void add(Counter counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    public long value(Counter counter) {
        return values[counter.ordinal()];
    }

    /** A new set that holds the sum of all {@code parts} at this moment. */
    public static Counters sum(Iterable<Counters> parts) {
        Counters sum = new Counters();
        for (Counters part : parts) {
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
        for (Counter counter : Counter.values()) {
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
