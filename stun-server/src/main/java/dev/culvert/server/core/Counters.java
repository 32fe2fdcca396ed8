package dev.culvert.server.core;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One number for each constant of {@code C}. Mutable, written by one thread without locks; others may read, and see the
 * writes of a moment ago.
 */
public final class Counters<C extends Enum<C>> {
    private final C[] constants;
    private final long[] values;

    /** All 0. */
    public Counters(Class<C> constants) {
        this.constants = constants.getEnumConstants();
        this.values = new long[this.constants.length];
    }

    public void increment(C counter) {
        values[counter.ordinal()]++;
    }

    public void add(C counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    public long value(C counter) {
        return values[counter.ordinal()];
    }

    /** A new set that holds the sum of all {@code parts} at this moment. */
    public static <C extends Enum<C>> Counters<C> sum(Class<C> constants, List<Counters<C>> parts) {
        Counters<C> sum = new Counters<>(constants);
        for (Counters<C> part : parts) {
            for (int i = 0; i < sum.values.length; i++) {
                sum.values[i] += part.values[i];
            }
        }
        return sum;
    }

    /** Every counter that is not 0, as {@code NAME=value}. */
    @Override
    public String toString() {
        return Stream.of(constants)
                .filter(counter -> value(counter) != 0)
                .map(counter -> counter + "=" + value(counter))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
