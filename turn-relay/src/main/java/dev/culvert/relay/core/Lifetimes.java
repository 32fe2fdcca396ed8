package dev.culvert.relay.core;

import dev.culvert.stun.attribute.Lifetime;

/** LIFETIME as clients are told it. */
final class Lifetimes {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Lifetimes() {}

    /** The whole seconds that are left. */
    static Lifetime left(long untilNanos, long nowNanos) {
        return new Lifetime(Math.max(0, untilNanos - nowNanos) / NANOS_PER_SECOND);
    }
}
