package dev.culvert.relay.core;

/** Something that ends at a time unless it is refreshed. Mutable, owned by one thread; kept in {@link Timers}. */
abstract class Timed {
    /** Meaningful only while {@link #isScheduled}. */
    private long untilNanos;

    /** The place in the heap of {@link Timers}, which alone writes it. */
    int heapIndex = Timers.NOWHERE;

    final long untilNanos() {
        return untilNanos;
    }

    /** For {@link Timers}, which puts it in its place. */
    final void until(long nanos) {
        untilNanos = nanos;
    }

    final boolean isScheduled() {
        return heapIndex != Timers.NOWHERE;
    }

    /** Whether its time is still to come, whether or not the timer has been seen to. */
    final boolean isLive(long nowNanos) {
        return isScheduled() && untilNanos - nowNanos > 0;
    }

    /** Does what is due at the end; it has left the heap already. */
    abstract void onExpiry(Allocations allocations, long nowNanos, RelayOutput out);
}
