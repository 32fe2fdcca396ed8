package dev.culvert.ice.nat;

/**
 * A sign of something on the way that the classification does not name.
 *
 * @param kind what it may be
 * @param text what was seen, in words
 */
public record Hint(Kind kind, String text) {
    /** What is on the way. */
    public enum Kind {
        /** This host has an address that a carrier shares among customers (RFC 6598). */
        CARRIER_NAT("carrier-nat"),
        /** One socket is seen at several addresses: a NAT with a pool. */
        SEVERAL_ADDRESSES("several-addresses"),
        /** The address that is seen is not public, and the server's is not either: a NAT may follow. */
        MORE_NAT("more-nat"),
        /** The address that is seen is not public though the server's is: it stands inside. */
        SERVER_INSIDE("server-inside"),
        /** Only the prefix is translated (RFC 6296). */
        NPTV6("nptv6"),
        /** IPv6 here, IPv4 at the server (RFC 6146). */
        NAT64("nat64"),
        /** IPv4 here, carried over IPv6 (RFC 6877, RFC 6333). */
        IPV4_OVER_IPV6("ipv4-over-ipv6");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }
}
