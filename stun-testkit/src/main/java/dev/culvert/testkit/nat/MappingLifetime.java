package dev.culvert.testkit.nat;

import java.time.Duration;

/**
 * How long a mapping lives without traffic (RFC 4787 §4.3).
 *
 * @param fresh while traffic went out only
 * @param stream after traffic went both ways
 * @param inboundRefreshes whether traffic from the outside prolongs it too; outgoing traffic always does
 */
public record MappingLifetime(Duration fresh, Duration stream, boolean inboundRefreshes) {
    public MappingLifetime {
        if (fresh.isNegative() || fresh.isZero() || stream.compareTo(fresh) < 0) {
            throw new IllegalArgumentException("0 < fresh ≤ stream does not hold: " + fresh + ", " + stream);
        }
    }

    /** One lifetime for all mappings, refreshed by traffic of both directions. */
    public static MappingLifetime of(Duration lifetime) {
        return new MappingLifetime(lifetime, lifetime, true);
    }

    /** Linux's defaults: 30 seconds, and 120 seconds after traffic both ways. */
    public static MappingLifetime linux() {
        return new MappingLifetime(Duration.ofSeconds(30), Duration.ofSeconds(120), true);
    }

    /** This lifetime, prolonged by outgoing traffic alone. */
    public MappingLifetime outboundRefreshOnly() {
        return new MappingLifetime(fresh, stream, false);
    }

    long nanos(boolean bothWays) {
        return (bothWays ? stream : fresh).toNanos();
    }
}
