package dev.culvert.server.core;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How long something took, and how often: a few fixed ranges, the same for all histograms so that they add up. Mutable,
 * written by one thread without locks; others may read, and see the writes of a moment ago.
 */
public final class Histogram {
    private static final long[] BOUNDS_NANOS = LongStream.of(
                    100, 500, 1_000, 5_000, 20_000, 100_000, 500_000, 1_000_000, 3_000_000)
            .map(micros -> micros * 1000)
            .toArray();

    private final long[] counts = new long[BOUNDS_NANOS.length + 1];
    private long sumNanos;

    /** All 0. */
    public Histogram() {}

    /** Counts one more that took {@code nanos}. Allocates nothing. */
    public void record(long nanos) {
        int range = 0;
        while (range < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[range]) {
            range++;
        }
        counts[range]++;
        sumNanos += nanos;
    }

    /** The longest duration of each range; the last range, which has none, comes behind them. */
    public static List<Duration> bounds() {
        return LongStream.of(BOUNDS_NANOS).mapToObj(Duration::ofNanos).toList();
    }

    /** How many fell into each range, one more than there are {@link #bounds}; not cumulative. */
    public long[] counts() {
        return counts.clone();
    }

    /** How many there were. */
    public long count() {
        return LongStream.of(counts).sum();
    }

    /** How long all of them took together. */
    public long sumNanos() {
        return sumNanos;
    }

    /** A new histogram that holds the sum of all {@code parts} at this moment. */
    public static Histogram sum(List<Histogram> parts) {
        Histogram sum = new Histogram();
        for (Histogram part : parts) {
            for (int i = 0; i < sum.counts.length; i++) {
                sum.counts[i] += part.counts[i];
            }
            sum.sumNanos += part.sumNanos;
        }
        return sum;
    }
}
