package dev.culvert.testkit.nat;

/** When a NAT reuses a mapping for another remote endpoint (RFC 4787 §4.1). */
public enum MappingBehavior {
    /** One mapping of an internal endpoint serves all remote endpoints. */
    ENDPOINT_INDEPENDENT,
    /** One mapping for each remote address. */
    ADDRESS_DEPENDENT,
    /** One mapping for each remote address and port. */
    ADDRESS_AND_PORT_DEPENDENT,
    /** Addresses are not translated: a firewall. */
    NONE
}
