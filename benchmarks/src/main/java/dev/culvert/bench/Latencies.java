package dev.culvert.bench;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Nanoseconds by how often they occurred: 32 buckets for each power of two, so that a quantile is off by 3 % at most.
 * Mutable, owned by one thread.
 */
final class Latencies implements LongConsumer {
    private static final int SUB_BITS = 5;
    private static final int SUB = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB];
    private long total;

    @Override
    public void accept(long nanos) {
        counts[bucket(Math.max(nanos, 0))]++;
        total++;
    }

    private static int bucket(long nanos) {
        if (nanos < SUB) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUB + (int) (nanos >>> shift) - SUB;
    }

    /** The lower bound of a bucket. */
    private static long lowest(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        return (long) (SUB + bucket % SUB) << shift;
    }

    /** The value below which the share {@code quantile} lies, in microseconds; 0 where there are none. */
    double micros(double quantile) {
        long rank = (long) Math.ceil(total * quantile);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank && seen > 0) {
                return lowest(bucket) / 1e3;
            }
        }
        return 0;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }
}
