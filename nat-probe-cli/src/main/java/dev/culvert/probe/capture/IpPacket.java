package dev.culvert.probe.capture;

import dev.culvert.stun.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What an IP packet carries.
 *
 * @param protocol the IP protocol number
 * @param source where it came from
 * @param destination where it went
 * @param payload the bytes after all IP headers
 */
record IpPacket(int protocol, IpAddress source, IpAddress destination, ByteBuffer payload) {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    /** Reads an IPv4 or IPv6 packet; empty for fragments, truncated packets, and whatever is neither. */
    static Optional<IpPacket> read(ByteBuffer bytes) {
        if (bytes.limit() < IPV4_HEADER) {
            return Optional.empty();
        }
        return switch (bytes.get(0) >> 4 & 0xF) {
            case 4 -> readIpv4(bytes);
            case 6 -> readIpv6(bytes);
            default -> Optional.empty();
        };
    }

    private static Optional<IpPacket> readIpv4(ByteBuffer bytes) {
        int header = (bytes.get(0) & 0xF) * 4;
        int length = bytes.getShort(2) & 0xFFFF;
        // A capture of offloaded segments may say 0 here.
        int end = length == 0 ? bytes.limit() : length;
        boolean isFragment = (bytes.getShort(6) & 0x3FFF) != 0;
        if (header < IPV4_HEADER || end < header || end > bytes.limit() || isFragment) {
            return Optional.empty();
        }
        return Optional.of(new IpPacket(
                bytes.get(9) & 0xFF, address(bytes, 12, 4), address(bytes, 16, 4), bytes.slice(header, end - header)));
    }

    private static Optional<IpPacket> readIpv6(ByteBuffer bytes) {
        if (bytes.limit() < IPV6_HEADER) {
            return Optional.empty();
        }
        int length = bytes.getShort(4) & 0xFFFF;
        int end = length == 0 ? bytes.limit() : IPV6_HEADER + length;
        if (end > bytes.limit()) {
            return Optional.empty();
        }
        int protocol = bytes.get(6) & 0xFF;
        int at = IPV6_HEADER;
        while (protocol == HOP_BY_HOP || protocol == ROUTING || protocol == DESTINATION_OPTIONS) {
            if (at + 8 > end) {
                return Optional.empty();
            }
            int next = at + 8 + (bytes.get(at + 1) & 0xFF) * 8;
            protocol = bytes.get(at) & 0xFF;
            at = next;
        }
        if (protocol == FRAGMENT || at > end) {
            return Optional.empty();
        }
        return Optional.of(
                new IpPacket(protocol, address(bytes, 8, 16), address(bytes, 24, 16), bytes.slice(at, end - at)));
    }

    private static IpAddress address(ByteBuffer bytes, int at, int length) {
        byte[] address = new byte[length];
        bytes.get(at, address);
        return IpAddress.of(address);
    }
}
