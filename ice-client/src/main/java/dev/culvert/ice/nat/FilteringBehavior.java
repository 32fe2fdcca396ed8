package dev.culvert.ice.nat;

/** Whose datagrams a NAT or firewall lets in to a socket that has sent (RFC 4787 §5). */
public enum FilteringBehavior {
    /** Anyone's. */
    ENDPOINT_INDEPENDENT("endpoint-independent"),
    /** Those from addresses that were sent to. */
    ADDRESS_DEPENDENT("address-dependent"),
    /** Those from addresses and ports that were sent to. */
    ADDRESS_AND_PORT_DEPENDENT("address-and-port-dependent"),
    /** Not proven. */
    UNKNOWN("unknown");

    private final String text;

    FilteringBehavior(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
