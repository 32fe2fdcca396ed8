package dev.culvert.server.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that is one number: the time at which it will be full again (the "theoretical arrival time" of the
 * generic cell rate algorithm). What is taken and what it holds are times too, those in which the bucket gains as much,
 * so that its rate may change at any moment; a bucket that held more than it holds now is empty then. Shared by all threads without locks.
 */
public final class TokenBucket {
    /** Until something is taken. Where the clock itself comes by, the bucket is full, which does no harm. */
    private static final long UNTOUCHED = Long.MIN_VALUE;

    private final AtomicLong fullAtNanos = new AtomicLong(UNTOUCHED);

    /**
     * Takes from the bucket; false where it does not hold enough, and then it stays as it is.
     *
     * @param costNanos what is taken, at least 0
     * @param burstNanos what a full bucket holds
     * @param nowNanos of a clock that never goes back, compared by difference
     */
    public boolean take(long costNanos, long burstNanos, long nowNanos) {
        while (true) {
            long seen = fullAtNanos.get();
            long fullAt = seen == UNTOUCHED ? nowNanos : seen;
            // It held much more before; were it only a little more, another thread's clock may be ahead.
            if (fullAt - nowNanos > 2 * burstNanos) {
                fullAtNanos.compareAndSet(seen, nowNanos + burstNanos);
                return false;
            }
            long next = fullAtNanos(fullAt, costNanos, nowNanos);
            if (next - nowNanos > burstNanos) {
                return false;
            }
            if (fullAtNanos.compareAndSet(seen, next)) {
                return true;
            }
        }
    }

    /** Puts back what a {@link #take} took. */
    public void putBack(long costNanos) {
        fullAtNanos.addAndGet(-costNanos);
    }

    /** When a bucket will be full after {@code costNanos} are taken from it: too late where it does not hold that much. */
    static long fullAtNanos(long fullAtNanos, long costNanos, long nowNanos) {
        return nowNanos + Math.max(fullAtNanos - nowNanos, 0) + costNanos;
    }
}
