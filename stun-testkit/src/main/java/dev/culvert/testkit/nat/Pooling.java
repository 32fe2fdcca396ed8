package dev.culvert.testkit.nat;

/** How a NAT with several public addresses chooses one (RFC 4787 §4.1). */
public enum Pooling {
    /** All mappings of an internal address are on one public address. */
    PAIRED,
    /** Every mapping is on any public address. */
    ARBITRARY
}
