package dev.culvert.ice.nat;

/** The names that RFC 3489 gave to combinations of mapping and filtering, and that people still use. */
public enum NatType {
    OPEN("open", "Open Internet"),
    FIREWALL("firewall", "Firewall"),
    FULL_CONE("full-cone", "Full Cone"),
    RESTRICTED_CONE("restricted-cone", "Restricted Cone"),
    PORT_RESTRICTED_CONE("port-restricted-cone", "Port Restricted Cone"),
    SYMMETRIC("symmetric", "Symmetric"),
    UDP_BLOCKED("udp-blocked", "UDP Blocked"),
    UNKNOWN("unknown", "Unknown");

    private final String text;
    private final String title;

    NatType(String text, String title) {
        this.text = text;
        this.title = title;
    }

    /** The name of this combination; {@link #UNKNOWN} where one of the two that it needs is. */
    public static NatType of(MappingBehavior mapping, FilteringBehavior filtering) {
        return switch (mapping) {
            case NONE -> openOrFirewall(filtering);
            case ENDPOINT_INDEPENDENT -> cone(filtering);
            case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> SYMMETRIC;
            case BLOCKED -> UDP_BLOCKED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    private static NatType openOrFirewall(FilteringBehavior filtering) {
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> OPEN;
            case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> FIREWALL;
            case UNKNOWN -> UNKNOWN;
        };
    }

    private static NatType cone(FilteringBehavior filtering) {
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> FULL_CONE;
            case ADDRESS_DEPENDENT -> RESTRICTED_CONE;
            case ADDRESS_AND_PORT_DEPENDENT -> PORT_RESTRICTED_CONE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** The name for machines. */
    public String text() {
        return text;
    }

    /** The name for people. */
    public String title() {
        return title;
    }
}
