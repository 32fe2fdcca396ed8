package dev.culvert.relay.policy;

import dev.culvert.stun.IpAddress;

/**
 * A way to read an address: as it is written, or as the IPv4 address that it carries to a translator or tunnel.
 *
 * <p>An address may have several readings. An IPv4-mapped address has one, since it <em>is</em> the IPv4 address: a
 * dual-stack socket sends to it over IPv4. Prefixes of NAT64 other than the well-known one are a network's own and
 * cannot be told from other addresses; {@code --deny-peer} names them.
 */
public enum AddressReading {
    AS_WRITTEN("as written", 0),
    /** RFC 4291 §2.5.5.2, {@code ::ffff:a.b.c.d}. */
    IPV4_MAPPED("IPv4-mapped", 96),
    /** RFC 4291 §2.5.5.1, {@code ::a.b.c.d}. */
    IPV4_COMPATIBLE("IPv4-compatible", 96),
    /** RFC 6052 §2.1, {@code 64:ff9b::a.b.c.d}. */
    NAT64("NAT64", 96),
    /** RFC 5214 §6.1, an interface identifier in any prefix: {@code 0:5efe:a.b.c.d}, the u and g bits set or not. */
    ISATAP("ISATAP", 96),
    /** RFC 3056 §2, {@code 2002:ab:cd::}. */
    SIX_TO_FOUR("6to4", 16),
    /** RFC 4380 §4, the client's public address, each bit inverted. */
    TEREDO_CLIENT("Teredo client", 96),
    /** RFC 4380 §4. */
    TEREDO_SERVER("Teredo server", 32);

    private static final long WORD = 0xFFFF_FFFFL;

    private final String text;
    private final int offsetBits;

    AddressReading(String text, int offsetBits) {
        this.text = text;
        this.offsetBits = offsetBits;
    }

    /** The reading that yields the very address that packets to {@code address} go to. */
    static AddressReading sameAddress(IpAddress address) {
        return IPV4_MAPPED.appliesTo(address) ? IPV4_MAPPED : AS_WRITTEN;
    }

    /** Whether {@code address} can be read this way. */
    public boolean appliesTo(IpAddress address) {
        if (address.isIpv4()) {
            return this == AS_WRITTEN;
        }
        long high = address.high();
        long low = address.low();
        boolean isMapped = high == 0 && low >>> 32 == 0xFFFF;
        return switch (this) {
            case AS_WRITTEN -> !isMapped;
            case IPV4_MAPPED -> isMapped;
            case IPV4_COMPATIBLE -> high == 0 && low >>> 32 == 0;
            case NAT64 -> high == 0x0064_FF9B_0000_0000L && low >>> 32 == 0;
            case ISATAP -> (low >>> 32 & ~0x0300_0000L) == 0x0000_5EFE;
            case SIX_TO_FOUR -> high >>> 48 == 0x2002;
            case TEREDO_CLIENT, TEREDO_SERVER -> high >>> 32 == 0x2001_0000L;
        };
    }

    /** What {@code address}, to which this reading applies, is when read this way. */
    public IpAddress of(IpAddress address) {
        return this == AS_WRITTEN ? address : IpAddress.v4((int) low(address));
    }

    /** {@link IpAddress#high} of {@link #of}, without an object. */
    long high(IpAddress address) {
        return this == AS_WRITTEN ? address.high() : 0;
    }

    /** {@link IpAddress#low} of {@link #of}, without an object. */
    long low(IpAddress address) {
        return switch (this) {
            case AS_WRITTEN -> address.low();
            case IPV4_MAPPED, IPV4_COMPATIBLE, NAT64, ISATAP -> address.low() & WORD;
            case SIX_TO_FOUR -> address.high() >>> 16 & WORD;
            case TEREDO_CLIENT -> ~address.low() & WORD;
            case TEREDO_SERVER -> address.high() & WORD;
        };
    }

    /** Whether packets go to the very address that is read, and not to somebody else who will unpack it. */
    boolean isSameAddress() {
        return this == AS_WRITTEN || this == IPV4_MAPPED;
    }

    /** How many bits of what is read a prefix fixes, be it one of the address as written or of the IPv4 address. */
    int fixedBits(IpPrefix prefix) {
        if (this == AS_WRITTEN || prefix.isIpv4()) {
            return prefix.lengthBits();
        }
        return Math.max(0, Math.min(32, prefix.lengthBits() - offsetBits));
    }

    @Override
    public String toString() {
        return text;
    }
}
