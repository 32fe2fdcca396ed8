package dev.culvert.ice.nat;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A prefix under which a network shows IPv4 addresses as IPv6 ones (RFC 6052 §2.2).
 *
 * @param prefix its bits, the rest zero
 * @param length 32, 40, 48, 56, 64 or 96
 */
public record Nat64Prefix(IpAddress prefix, int length) {
    /** The name whose IPv6 addresses a DNS64 makes up (RFC 7050 §3). */
    public static final String IPV4_ONLY_NAME = "ipv4only.arpa";

    private static final List<Integer> LENGTHS = List.of(96, 64, 56, 48, 40, 32);

    // RFC 7050 §8.2: 192.0.0.170 and 192.0.0.171.
    private static final List<IpAddress> WELL_KNOWN = List.of(IpAddress.v4(0xC00000AA), IpAddress.v4(0xC00000AB));

    /** Bits 64 to 71, which RFC 6052 §2.2 keeps zero. */
    private static final int RESERVED_OCTET = 8;

    public Nat64Prefix {
        if (prefix.family() != AddressFamily.IPV6 || !LENGTHS.contains(length)) {
            throw new IllegalArgumentException("no NAT64 prefix: " + prefix + "/" + length);
        }
    }

    /** The prefixes that {@code answers}, addresses of {@link #IPV4_ONLY_NAME}, tell (RFC 7050 §3); IPv4 ones are passed over. */
    public static List<Nat64Prefix> in(List<IpAddress> answers) {
        List<IpAddress> ipv6 =
                answers.stream().filter(answer -> !answer.isIpv4()).toList();
        for (IpAddress known : WELL_KNOWN) {
            List<List<Nat64Prefix>> found =
                    ipv6.stream().map(answer -> around(known, answer)).toList();
            // RFC 7050 §3: where an answer holds the address twice, the other one is looked for.
            boolean isUnclear = found.stream().anyMatch(prefixes -> prefixes.size() > 1);
            List<Nat64Prefix> prefixes =
                    found.stream().flatMap(List::stream).distinct().toList();
            if (!isUnclear && !prefixes.isEmpty()) {
                return prefixes;
            }
        }
        return List.of();
    }

    private static List<Nat64Prefix> around(IpAddress known, IpAddress answer) {
        return LENGTHS.stream()
                .filter(length -> embedded(answer, length).equals(known))
                .map(length -> new Nat64Prefix(cut(answer, length), length))
                .toList();
    }

    private static IpAddress cut(IpAddress ip, int length) {
        long high = length >= Long.SIZE ? ip.high() : ip.high() & -1L << (Long.SIZE - length);
        long low = length > Long.SIZE ? ip.low() & -1L << (2 * Long.SIZE - length) : 0;
        return IpAddress.v6(high, low);
    }

    private static IpAddress embedded(IpAddress ip, int length) {
        byte[] bytes = ip.toBytes();
        byte[] ipv4 = new byte[4];
        int at = length / Byte.SIZE;
        for (int i = 0; i < ipv4.length; i++) {
            at += at == RESERVED_OCTET ? 1 : 0;
            ipv4[i] = bytes[at++];
        }
        return IpAddress.of(ipv4);
    }

    /** The IPv4 address that {@code ip} stands for; empty where it is not under this prefix. */
    public Optional<IpAddress> embeddedIn(IpAddress ip) {
        boolean under = !ip.isIpv4() && cut(ip, length).equals(prefix);
        return under ? Optional.of(embedded(ip, length)) : Optional.empty();
    }

    @Override
    public String toString() {
        return prefix + "/" + length;
    }
}
