package dev.culvert.relay.policy;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;

/**
 * The addresses that share their first bits: {@code 10.0.0.0/8}.
 *
 * <p>A prefix of IPv4-mapped addresses becomes the IPv4 prefix inside it, because the addresses are the same ones.
 *
 * @param address the first address; bits behind the length are zero
 * @param lengthBits how many bits they share, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int lengthBits) {
    private static final int MAPPED_LENGTH_BITS = 96;

    public IpPrefix {
        int widthBits = widthBits(address);
        if (lengthBits < 0 || lengthBits > widthBits) {
            throw new IllegalArgumentException("a prefix length is 0 to " + widthBits + ", not " + lengthBits);
        }
        if (!first(address, lengthBits).equals(address)) {
            throw new IllegalArgumentException(address + " has bits set behind its first " + lengthBits);
        }
        if (lengthBits >= MAPPED_LENGTH_BITS && AddressReading.IPV4_MAPPED.appliesTo(address)) {
            lengthBits -= MAPPED_LENGTH_BITS;
            address = AddressReading.IPV4_MAPPED.of(address);
        }
    }

    /** The prefix of {@code lengthBits} bits that {@code address} lies in. */
    public static IpPrefix around(IpAddress address, int lengthBits) {
        return new IpPrefix(first(address, lengthBits), lengthBits);
    }

    /** The prefix that holds {@code address} alone. */
    public static IpPrefix of(IpAddress address) {
        return new IpPrefix(address, widthBits(address));
    }

    /** {@code address} with the bits behind the first {@code lengthBits} set to zero. */
    static IpAddress first(IpAddress address, int lengthBits) {
        if (address.isIpv4()) {
            return IpAddress.v4((int) (address.low() & highBits(lengthBits + 32)));
        }
        return IpAddress.v6(address.high() & highBits(lengthBits), address.low() & highBits(lengthBits - 64));
    }

    /** A word whose first {@code count} bits are set: none where it is negative, all where it is over 64. */
    static long highBits(int count) {
        if (count <= 0) {
            return 0;
        }
        return count >= 64 ? -1 : -1L << 64 - count;
    }

    static int widthBits(IpAddress address) {
        return address.family().lengthBytes() * Byte.SIZE;
    }

    boolean isIpv4() {
        return address.family() == AddressFamily.IPV4;
    }

    /** The usual text: {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        return address + "/" + lengthBits;
    }
}
