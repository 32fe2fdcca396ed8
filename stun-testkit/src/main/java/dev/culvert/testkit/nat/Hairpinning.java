package dev.culvert.testkit.nat;

/** What happens to a datagram from the inside to a mapping of the same NAT (RFC 4787 §6). */
public enum Hairpinning {
    /** It is dropped. */
    OFF,
    /** It is delivered with the sender's internal address and port as its source. */
    INTERNAL_SOURCE,
    /** It is delivered with the sender's mapping as its source, as RFC 4787 demands. */
    EXTERNAL_SOURCE
}
