package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import java.util.Arrays;

/**
 * The router to ask, and this host's place on the link to it.
 *
 * @param address the router's address on the link; reachable from {@code local}
 * @param local the address of this host from which the router is asked and to which ports are mapped
 * @param prefixLength how many bits of {@code local} all hosts of the link share
 */
public record Gateway(IpAddress address, IpAddress local, int prefixLength) {
    public Gateway {
        if (address.family() != local.family()) {
            throw new IllegalArgumentException(local + " cannot reach " + address + ", which is of another family");
        }
        if (prefixLength < 0 || prefixLength > local.family().lengthBytes() * 8) {
            throw new IllegalArgumentException("no prefix of " + local + " has " + prefixLength + " bits");
        }
    }

    /** Whether {@code ip} is the router or another host of the same link. */
    public boolean isOnLink(IpAddress ip) {
        if (ip.family() != local.family()) {
            return false;
        }
        return ip.equals(address) || Arrays.equals(prefix(ip), prefix(local));
    }

    private byte[] prefix(IpAddress ip) {
        byte[] bytes = ip.toBytes();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >>> bit % 8);
        }
        return bytes;
    }
}
