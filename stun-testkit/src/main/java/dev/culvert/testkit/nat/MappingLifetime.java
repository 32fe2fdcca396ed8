package dev.culvert.testkit.nat;

import java.time.Duration;

/**
 * How long a mapping lives without traffic (RFC 4787 §4.3).
 *
 * @param fresh until it has become a stream
 * @param stream after a packet that follows traffic both ways and comes {@code streamAfter} or later
 * @param streamAfter age from which a mapping can be a stream
 * @param inboundRefreshes whether traffic from the outside prolongs it too; outgoing traffic always does
 */
public record MappingLifetime(Duration fresh, Duration stream, Duration streamAfter, boolean inboundRefreshes) {
    public MappingLifetime {
        if (fresh.isNegative() || fresh.isZero() || stream.compareTo(fresh) < 0) {
            throw new IllegalArgumentException("0 < fresh ≤ stream does not hold: " + fresh + ", " + stream);
        }
        if (streamAfter.isNegative()) {
            throw new IllegalArgumentException("negative age: " + streamAfter);
        }
    }

    /** One lifetime for all mappings, refreshed by traffic of both directions. */
    public static MappingLifetime of(Duration lifetime) {
        return new MappingLifetime(lifetime, lifetime, Duration.ZERO, true);
    }

    /** Linux's defaults: 30 seconds, and 120 seconds if there is traffic later than two seconds after the first. */
    public static MappingLifetime linux() {
        return new MappingLifetime(Duration.ofSeconds(30), Duration.ofSeconds(120), Duration.ofSeconds(2), true);
    }

    /** This lifetime, prolonged by outgoing traffic alone. */
    public MappingLifetime outboundRefreshOnly() {
        return new MappingLifetime(fresh, stream, streamAfter, false);
    }

    /** What a packet grants to a mapping of that age. */
    long grantedNanos(boolean bothWays, long ageNanos) {
        boolean isStream = bothWays && ageNanos >= streamAfter.toNanos();
        return (isStream ? stream : fresh).toNanos();
    }
}
