package dev.culvert.ice.nat;

/** How a NAT maps one local socket for several remote endpoints (RFC 4787 §4.1). */
public enum MappingBehavior {
    /** The outside sees the local address: there is no NAT. */
    NONE("none"),
    /** One mapping for all remote endpoints. */
    ENDPOINT_INDEPENDENT("endpoint-independent"),
    /** One mapping for each remote address. */
    ADDRESS_DEPENDENT("address-dependent"),
    /** One mapping for each remote address and port. */
    ADDRESS_AND_PORT_DEPENDENT("address-and-port-dependent"),
    /** No datagram comes back, while other transports reach the same server. */
    BLOCKED("blocked"),
    /** Not proven. */
    UNKNOWN("unknown");

    private final String text;

    MappingBehavior(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
