package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import java.util.Optional;

/** What stands between this host's router and the Internet, judged by the router's own address outside. */
public enum UpstreamNat {
    /** Servers see the router's own address: the router is the only NAT. */
    NONE("none: the router's address is the public one"),
    /** The router has an address of RFC 6598: a carrier translates once more. */
    CARRIER_GRADE("CGNAT: the router's address is shared by a carrier's customers (RFC 6598)"),
    /** The router has an address of 192.0.0.0/29: IPv4 is carried over IPv6 to a carrier's NAT (RFC 6333). */
    DUAL_STACK_LITE("CGNAT: the router's IPv4 is carried over IPv6 to a carrier's NAT (RFC 6333)"),
    /** The router has a private address: it stands behind another router. */
    DOUBLE_NAT("double NAT: the router's address is private, it stands behind another router"),
    /** The router has a public address, and servers see another one. */
    ANOTHER_ADDRESS("another NAT: servers see another address than the router's"),
    /** The router's address is a public one, and no server was asked. */
    UNKNOWN("unknown: the router's address is a public one, but no STUN server was asked whether it sees the same");

    private final String text;

    UpstreamNat(String text) {
        this.text = text;
    }

    /**
     * The verdict.
     *
     * @param router the router's address outside, as it says itself
     * @param mapped the address that a STUN server sees; empty where none was asked
     */
    public static UpstreamNat of(IpAddress router, Optional<IpAddress> mapped) {
        if (mapped.filter(router::equals).isPresent()) {
            return NONE;
        }
        if (AddressScope.isDualStackLite(router)) {
            return DUAL_STACK_LITE;
        }
        return switch (AddressScope.of(router)) {
            case CARRIER -> CARRIER_GRADE;
            case PRIVATE, HOST -> DOUBLE_NAT;
            case PUBLIC -> mapped.isPresent() ? ANOTHER_ADDRESS : UNKNOWN;
        };
    }

    /** Whether a port that is mapped at the router cannot be reached from the Internet. */
    public boolean hidesMappings() {
        return this != NONE && this != UNKNOWN;
    }

    /** One line for people. */
    public String text() {
        return text;
    }
}
