package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;

/** How far an address reaches, as far as it matters for telling NATs apart. */
public enum AddressScope {
    /** Loopback and link-local. */
    HOST("host"),
    /** RFC 1918, RFC 4193, RFC 6333. */
    PRIVATE("private"),
    /** RFC 6598: shared between a carrier and its customers. */
    CARRIER("carrier"),
    /** All else. */
    PUBLIC("public");

    private final String text;

    AddressScope(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }

    /** How far {@code ip} reaches. */
    public static AddressScope of(IpAddress ip) {
        return ip.isIpv4() ? ofIpv4((int) ip.low()) : ofIpv6(ip.high(), ip.low());
    }

    /** Whether {@code ip} is one of 192.0.0.0/29, the addresses of an IPv4 that is carried over IPv6 (RFC 6333). */
    static boolean isDualStackLite(IpAddress ip) {
        return ip.isIpv4() && isIn((int) ip.low(), 192, 0, 29);
    }

    private static AddressScope ofIpv4(int bits) {
        if (isIn(bits, 127, 0, 8) || isIn(bits, 169, 254, 16)) {
            return HOST;
        }
        if (isIn(bits, 10, 0, 8) || isIn(bits, 172, 16, 12) || isIn(bits, 192, 168, 16) || isIn(bits, 192, 0, 29)) {
            return PRIVATE;
        }
        return isIn(bits, 100, 64, 10) ? CARRIER : PUBLIC;
    }

    private static boolean isIn(int bits, int first, int second, int prefixLength) {
        int prefix = first << 24 | second << 16;
        return (bits ^ prefix) >>> (32 - prefixLength) == 0;
    }

    private static AddressScope ofIpv6(long high, long low) {
        if ((high == 0 && low == 1) || high >>> 54 == 0xFE80L >>> 6) {
            return HOST;
        }
        return high >>> 57 == 0xFCL >>> 1 ? PRIVATE : PUBLIC;
    }
}
