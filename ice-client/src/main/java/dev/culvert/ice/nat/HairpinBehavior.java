package dev.culvert.ice.nat;

/** What becomes of a datagram from the inside to a mapping of the same NAT (RFC 4787 §6). */
public enum HairpinBehavior {
    /** It comes back in, from the sender's external address, as RFC 4787 REQ-9 demands. */
    EXTERNAL_SOURCE("external-source"),
    /** It comes back in, from the sender's internal address. */
    INTERNAL_SOURCE("internal-source"),
    /** It comes back in, from an address that is neither, as the router's own. */
    OTHER_SOURCE("other-source"),
    /**
     * It does not come back. A NAT that shows the internal address may look like this, too: many systems drop what
     * comes in from an address of their own.
     */
    NONE("none"),
    /** There is no NAT, so that hosts here meet without it. */
    NOT_NEEDED("not-needed"),
    /** Not measured: the server did not answer. */
    UNKNOWN("unknown");

    private final String text;

    HairpinBehavior(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
