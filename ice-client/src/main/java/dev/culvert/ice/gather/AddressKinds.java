package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;

/** Kinds of addresses that the rules for host candidates tell apart. */
final class AddressKinds {
    private AddressKinds() {}

    static boolean isLoopback(IpAddress ip) {
        return ip.isIpv4() ? ip.low() >>> 24 == 127 : ip.high() == 0 && ip.low() == 1;
    }

    static boolean isUnspecified(IpAddress ip) {
        return ip.high() == 0 && ip.low() == 0;
    }

    static boolean isMulticast(IpAddress ip) {
        return ip.isIpv4() ? ip.low() >>> 28 == 0xE : ip.high() >>> 56 == 0xFF;
    }

    /** fe80::/10; 169.254.0.0/16 is an address as any other here. */
    static boolean isIpv6LinkLocal(IpAddress ip) {
        return !ip.isIpv4() && ip.high() >>> 54 == 0xFE80L >>> 6;
    }

    /** fec0::/10, deprecated by RFC 3879. */
    static boolean isSiteLocal(IpAddress ip) {
        return !ip.isIpv4() && ip.high() >>> 54 == 0xFEC0L >>> 6;
    }

    /** ::/96, deprecated by RFC 4291 §2.5.5.1; the unspecified and the loopback address are of the same prefix. */
    static boolean isIpv4Compatible(IpAddress ip) {
        return !ip.isIpv4() && ip.high() == 0 && ip.low() >>> 32 == 0;
    }

    /** ::ffff:0:0/96. */
    static boolean isIpv4Mapped(IpAddress ip) {
        return !ip.isIpv4() && ip.high() == 0 && ip.low() >>> 32 == 0xFFFF;
    }

    /** Whether the interface identifier is made of a MAC address (RFC 4291 appendix A), which is the same everywhere. */
    static boolean isOfMacAddress(IpAddress ip) {
        return !ip.isIpv4() && (ip.low() >>> 24 & 0xFFFF) == 0xFFFE;
    }

    /** The first {@code length} bits of an IPv6 address; at most the upper 64 count. */
    static long prefix(IpAddress ip, int length) {
        return length == 0 ? 0 : ip.high() & -1L << (64 - Math.min(64, length));
    }
}
