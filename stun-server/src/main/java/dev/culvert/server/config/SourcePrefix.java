package dev.culvert.server.config;

import dev.culvert.stun.IpAddress;

/** What counts as one source where limits and logs go by source: a /24 of IPv4, a /56 of IPv6, as one site has it. */
public final class SourcePrefix {
    private static final int V4_BITS = 24;
    private static final int V6_BITS = 56;

    private SourcePrefix() {}

    /** The first address of the prefix that {@code source} lies in. */
    public static IpAddress of(IpAddress source) {
        return source.isIpv4()
                ? IpAddress.v4((int) (source.low() & -1L << (32 - V4_BITS)))
                : IpAddress.v6(source.high() & -1L << (64 - V6_BITS), 0);
    }

    /** A number that all addresses of one prefix share and no two prefixes do; allocates nothing. */
    public static long number(IpAddress source) {
        return source.isIpv4() ? source.low() >>> (32 - V4_BITS) : (source.high() & -1L << (64 - V6_BITS)) | 1;
    }

    /** The prefix of {@code source} as text, for example {@code 203.0.113.0/24}. */
    public static String text(IpAddress source) {
        return of(source) + "/" + (source.isIpv4() ? V4_BITS : V6_BITS);
    }
}
