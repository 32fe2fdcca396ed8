package dev.culvert.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Measures how many bytes of heap an operation allocates.
 *
 * <p>The operation is warmed up first, so that what is measured is compiled code: an object that the compiler keeps out
 * of the heap counts for nothing. Of several rounds the least counts, since the JVM itself now and then allocates on the
 * thread. It runs about a hundred thousand times: give it something short.
 *
 * <pre>{@code
 * assertThat(AllocationMeter.bytesPerOperation(() -> decoder.wrap(buffer))).isZero();
 * }</pre>
 */
public final class AllocationMeter {
    private static final int WARM_UP_OPERATIONS = 50_000;
    private static final int OPERATIONS_PER_ROUND = 10_000;
    private static final int ROUNDS = 5;

    private AllocationMeter() {}

    /** Bytes that the current thread allocates for one run of {@code operation}, on average of the best round. */
    public static double bytesPerOperation(Runnable operation) {
        return bytesPerOperation(WARM_UP_OPERATIONS, OPERATIONS_PER_ROUND, operation);
    }

    /** The same with a warm-up and rounds of one's own, for operations that take long. */
    public static double bytesPerOperation(int warmUpOperations, int operationsPerRound, Runnable operation) {
        if (operationsPerRound < 1) {
            throw new IllegalArgumentException("nothing to measure: " + operationsPerRound);
        }
        ThreadMXBean threads = threads();
        repeat(warmUpOperations, operation);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(operationsPerRound, operation);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return (double) least / operationsPerRound;
    }

    private static void repeat(int times, Runnable operation) {
        for (int i = 0; i < times; i++) {
            operation.run();
        }
    }

    private static ThreadMXBean threads() {
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                && threads.isThreadAllocatedMemorySupported()) {
            threads.setThreadAllocatedMemoryEnabled(true);
            return threads;
        }
        throw new UnsupportedOperationException("this JVM does not count allocated bytes");
    }
}
