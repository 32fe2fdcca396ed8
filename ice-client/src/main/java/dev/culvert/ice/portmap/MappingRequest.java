package dev.culvert.ice.portmap;

import java.time.Duration;

/**
 * A port of this host that is to be reachable from outside.
 *
 * @param protocol what it is a port of
 * @param internalPort the port of this host, 1–65535
 * @param suggestedExternalPort the port that would be liked outside, or 0; the router may choose another
 * @param lifetime for how long the router is asked to keep the mapping, 1 s to a day; it is renewed before. The shorter,
 *     the sooner it is gone if this program is killed
 */
public record MappingRequest(PortProtocol protocol, int internalPort, int suggestedExternalPort, Duration lifetime) {
    /** RFC 6886 §3.3: what is recommended. */
    public static final Duration STANDARD_LIFETIME = Duration.ofHours(2);

    /** RFC 6887 §15: more would be absurd. */
    static final Duration MAX_LIFETIME = Duration.ofHours(24);

    public MappingRequest {
        if (internalPort < 1 || internalPort > 0xFFFF) {
            throw new IllegalArgumentException("an internal port is 1 to 65535, not " + internalPort);
        }
        if (suggestedExternalPort < 0 || suggestedExternalPort > 0xFFFF) {
            throw new IllegalArgumentException("an external port is 0 to 65535, not " + suggestedExternalPort);
        }
        if (lifetime.toSeconds() < 1 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a lifetime is 1 s to 24 h, not " + lifetime);
        }
    }

    /** Maps a port of this host for two hours at a time, outside preferably to the same one. */
    public static MappingRequest of(PortProtocol protocol, int internalPort) {
        return new MappingRequest(protocol, internalPort, internalPort, STANDARD_LIFETIME);
    }

    public MappingRequest withSuggestedExternalPort(int wanted) {
        return new MappingRequest(protocol, internalPort, wanted, lifetime);
    }

    public MappingRequest withLifetime(Duration wanted) {
        return new MappingRequest(protocol, internalPort, suggestedExternalPort, wanted);
    }
}
