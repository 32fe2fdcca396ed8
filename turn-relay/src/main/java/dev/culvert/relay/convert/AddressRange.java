package dev.culvert.relay.convert;

import dev.culvert.relay.policy.IpPrefix;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive addresses of one family.
 *
 * @param first the lowest, as a number
 * @param last the highest, no less than the first
 */
record AddressRange(AddressFamily family, BigInteger first, BigInteger last) {
    private static final String EXAMPLES =
            "write for example 192.0.2.7, 192.0.2.0-192.0.2.255 or 2001:db8::-2001:db8::ff";

    /** {@code IP} or {@code IP-IP}, the second no lower than the first. */
    static AddressRange parse(String text) throws InvalidValueException {
        int dash = text.indexOf('-');
        IpAddress first = address(dash < 0 ? text : text.substring(0, dash));
        IpAddress last = dash < 0 ? first : address(text.substring(dash + 1));
        if (first.family() != last.family()) {
            throw new InvalidValueException("one is IPv4, the other IPv6", EXAMPLES);
        }
        if (first.compareTo(last) > 0) {
            throw new InvalidValueException("ends before it begins", "write " + last + "-" + first);
        }
        return new AddressRange(first.family(), number(first), number(last));
    }

    private static IpAddress address(String text) throws InvalidValueException {
        return IpAddress.parse(text.strip())
                .orElseThrow(
                        () -> new InvalidValueException("\"" + text.strip() + "\" is not an IP address", EXAMPLES));
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    /** What is left without {@code other}: nothing, one range or two. */
    List<AddressRange> without(AddressRange other) {
        if (family != other.family || last.compareTo(other.first) < 0 || first.compareTo(other.last) > 0) {
            return List.of(this);
        }
        List<AddressRange> left = new ArrayList<>();
        if (first.compareTo(other.first) < 0) {
            left.add(new AddressRange(family, first, other.first.subtract(BigInteger.ONE)));
        }
        if (last.compareTo(other.last) > 0) {
            left.add(new AddressRange(family, other.last.add(BigInteger.ONE), last));
        }
        return left;
    }

    /** The fewest prefixes that hold these addresses and no other. */
    List<IpPrefix> prefixes() {
        int widthBits = family.lengthBytes() * Byte.SIZE;
        List<IpPrefix> prefixes = new ArrayList<>();
        BigInteger next = first;
        while (next.compareTo(last) <= 0) {
            int aligned = next.signum() == 0 ? widthBits : next.getLowestSetBit();
            int fitting = last.subtract(next).add(BigInteger.ONE).bitLength() - 1;
            int hostBits = Math.min(aligned, fitting);
            prefixes.add(new IpPrefix(address(next), widthBits - hostBits));
            next = next.add(BigInteger.ONE.shiftLeft(hostBits));
        }
        return prefixes;
    }

    private IpAddress address(BigInteger number) {
        byte[] bytes = new byte[family.lengthBytes()];
        byte[] digits = number.toByteArray();
        // A leading zero byte may say that the number is not negative.
        byte[] magnitude = digits.length > bytes.length ? Arrays.copyOfRange(digits, 1, digits.length) : digits;
        System.arraycopy(magnitude, 0, bytes, bytes.length - magnitude.length, magnitude.length);
        return IpAddress.of(bytes);
    }
}
