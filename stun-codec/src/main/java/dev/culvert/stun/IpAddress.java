package dev.culvert.stun;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as a number.
 *
 * <p>Unlike {@link InetAddress} it keeps an IPv4-mapped IPv6 address as it came, has no name, no scope, and is compared
 * without objects.
 *
 * @param family the address family
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(AddressFamily family, long high, long low) implements Comparable<IpAddress> {
    public IpAddress {
        if (family == AddressFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /** The IPv4 address with these 32 bits. */
    public static IpAddress v4(int bits) {
        return new IpAddress(AddressFamily.IPV4, 0, bits & 0xFFFF_FFFFL);
    }

    /** The IPv6 address with these 128 bits. */
    public static IpAddress v6(long high, long low) {
        return new IpAddress(AddressFamily.IPV6, high, low);
    }

    /** The address in {@code bytes}, 4 or 16 of them in network order. */
    public static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> v4(ByteBuffer.wrap(bytes).getInt());
            case 16 -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                yield v6(buffer.getLong(), buffer.getLong());
            }
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** The same address as a number; a scope is dropped. */
    public static IpAddress of(InetAddress address) {
        return of(address.getAddress());
    }

    /** The address that {@code text} writes as a literal; empty where it is none. Never looks a name up. */
    public static Optional<IpAddress> parse(String text) {
        return IpAddressText.parse(text);
    }

    public boolean isIpv4() {
        return family == AddressFamily.IPV4;
    }

    /** The address in network order, 4 or 16 bytes. */
    public byte[] toBytes() {
        if (isIpv4()) {
            return ByteBuffer.allocate(4).putInt((int) low).array();
        }
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** The same address as the JDK's type, which turns an IPv4-mapped address into the IPv4 address inside it. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    /** Orders IPv4 before IPv6, and within a family by number. */
    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The usual text: dotted quad, or RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return IpAddressText.format(this);
    }
}
