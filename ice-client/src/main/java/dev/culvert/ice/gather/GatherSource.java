package dev.culvert.ice.gather;

import dev.culvert.stun.TransportAddress;

/**
 * What a candidate was, or was to be, learned from.
 *
 * @param kind of the source
 * @param name of the interface, server or mapping service
 * @param base the socket of this host
 * @param component 1 or 2
 */
public record GatherSource(Kind kind, String name, TransportAddress base, int component) {
    /** The kind of a source. */
    public enum Kind {
        INTERFACE,
        STUN,
        TURN,
        /** A router that was asked for a mapping. */
        MAPPING
    }

    /** For example {@code stun:stun.example.org from 192.168.1.7:50000}. */
    @Override
    public String toString() {
        return kind == Kind.INTERFACE ? name + " " + base : name + " from " + base;
    }
}
