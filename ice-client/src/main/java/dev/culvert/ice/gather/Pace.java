package dev.culvert.ice.gather;

import java.time.Duration;

/**
 * Keeps the transactions of several gatherers apart (RFC 8445 §14.2). Mutable, owned by one thread, which all gatherers
 * that share it run on.
 */
public final class Pace {
    private final long minNanos;
    private boolean isUsed;
    private long lastNanos;

    /** @param min the least time between two new transactions; the RFC says 5 ms for all agents of a host together */
    public Pace(Duration min) {
        minNanos = min.toNanos();
    }

    /** Without a bound of its own: for a gatherer that is alone. */
    public static Pace unshared() {
        return new Pace(Duration.ZERO);
    }

    /** When a transaction that is due at {@code dueNanos} may start. */
    long earliestNanos(long dueNanos) {
        long freeNanos = lastNanos + minNanos;
        return isUsed && freeNanos - dueNanos > 0 ? freeNanos : dueNanos;
    }

    void onStarted(long nowNanos) {
        isUsed = true;
        lastNanos = nowNanos;
    }
}
