package dev.culvert.ice.check;

/** The edition of STUN that a server speaks, as far as its answers tell. */
public enum Standard {
    /** MAPPED-ADDRESS alone: RFC 3489. */
    RFC3489("RFC 3489", "rfc3489"),
    /** XOR-MAPPED-ADDRESS; RFC 5389 and RFC 8489 do not differ in what was seen. */
    RFC5389("RFC 5389 or later", "rfc5389"),
    /** A nonce cookie or PASSWORD-ALGORITHMS as well. */
    RFC8489("RFC 8489", "rfc8489"),
    /** No answer that would tell. */
    UNKNOWN("unknown", "unknown");

    private final String title;
    private final String text;

    Standard(String title, String text) {
        this.title = title;
        this.text = text;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** The name for machines. */
    public String text() {
        return text;
    }
}
