package dev.culvert.testkit;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A clock of nanoseconds that moves only when told to.
 *
 * <p>Like {@link System#nanoTime()} its readings mean nothing by themselves and may overflow: compare them by
 * difference. Tests should therefore start it where wrong comparisons show: at {@link Long#MIN_VALUE}, shortly before
 * zero, and shortly before {@link Long#MAX_VALUE}; {@link #hostileStarts()} lists these. Not thread-safe.
 */
public final class VirtualClock implements LongSupplier {
    private static final long[] HOSTILE_STARTS = {Long.MIN_VALUE, -1_000_000, 0, Long.MAX_VALUE - 1_000_000};

    private long nowNanos;

    private VirtualClock(long startNanos) {
        nowNanos = startNanos;
    }

    /** A clock that starts at {@code startNanos}; every value is allowed. */
    public static VirtualClock startingAt(long startNanos) {
        return new VirtualClock(startNanos);
    }

    /** Starts that expose comparisons by {@code <} instead of by difference: the clock crosses zero or overflows. */
    public static long[] hostileStarts() {
        return HOSTILE_STARTS.clone();
    }

    /** The present, in nanoseconds since an arbitrary origin. */
    public long nowNanos() {
        return nowNanos;
    }

    /** The same as {@link #nowNanos()}, for code that takes a {@link LongSupplier}. */
    @Override
    public long getAsLong() {
        return nowNanos;
    }

    /** Moves on by {@code step}, which must not be negative. */
    public void advance(Duration step) {
        advanceNanos(step.toNanos());
    }

    /** Moves on by {@code stepNanos}, which must not be negative. */
    public void advanceNanos(long stepNanos) {
        if (stepNanos < 0) {
            throw new IllegalArgumentException("time does not run backwards: " + stepNanos + " ns");
        }
        nowNanos += stepNanos;
    }

    /** Moves on to {@code atNanos}; a moment that has passed leaves the clock where it is. */
    public void advanceTo(long atNanos) {
        nowNanos += Math.max(0, atNanos - nowNanos);
    }

    @Override
    public String toString() {
        return nowNanos + " ns";
    }
}
