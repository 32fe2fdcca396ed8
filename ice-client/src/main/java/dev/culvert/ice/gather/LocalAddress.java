package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;
import java.util.Set;

/**
 * An address of an interface, with what the system tells about it.
 *
 * @param ip the address
 * @param prefixLength bits of the network's prefix, 0 to 128
 * @param traits what is known of it; where the system tells nothing, none
 */
public record LocalAddress(IpAddress ip, int prefixLength, Set<Trait> traits) {
    /** What the system may tell about an IPv6 address. */
    public enum Trait {
        /** Made up for a while, so that the host cannot be recognized by it (RFC 8981). */
        TEMPORARY,
        /** Past its preferred lifetime: not for new sessions (RFC 4862 §5.5.4). */
        DEPRECATED,
        /** Not known to be unique yet, or known not to be: it cannot be used. */
        TENTATIVE
    }

    public LocalAddress {
        traits = Set.copyOf(traits);
        if (prefixLength < 0 || prefixLength > ip.family().lengthBytes() * 8) {
            throw new IllegalArgumentException("no prefix length of " + ip + ": " + prefixLength);
        }
    }

    /** An address of which nothing more is known. */
    public static LocalAddress of(IpAddress ip) {
        return new LocalAddress(ip, ip.isIpv4() ? 24 : 64, Set.of());
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }
}
