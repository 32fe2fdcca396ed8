package dev.culvert.probe.capture;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds the IP packet in a captured frame. */
final class LinkLayer {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_PROVIDER_VLAN = 0x88A8;

    private LinkLayer() {}

    /** The IP packet; empty where there is none, or the link layer is not known. */
    static Optional<ByteBuffer> ipPacket(int linkType, ByteBuffer frame) {
        return switch (linkType) {
            // BSD loopback: four bytes of protocol family, in the byte order of the machine or of the network.
            case 0, 108 -> from(frame, 4);
            case 1 -> afterEtherType(frame, 12);
            // Raw IP, by all the numbers that it has had.
            case 12, 14, 101, 228, 229 -> from(frame, 0);
            // Linux cooked: the protocol stands at the end of the first header and at the beginning of the second.
            case 113 -> afterEtherType(frame, 14);
            case 276 -> isIp(etherType(frame, 0)) ? from(frame, 20) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<ByteBuffer> afterEtherType(ByteBuffer frame, int at) {
        int typeAt = at;
        int type = etherType(frame, typeAt);
        while (type == ETHERTYPE_VLAN || type == ETHERTYPE_PROVIDER_VLAN) {
            typeAt += 4;
            type = etherType(frame, typeAt);
        }
        return isIp(type) ? from(frame, typeAt + 2) : Optional.empty();
    }

    private static boolean isIp(int etherType) {
        return etherType == ETHERTYPE_IPV4 || etherType == ETHERTYPE_IPV6;
    }

    private static int etherType(ByteBuffer frame, int at) {
        return at + 2 <= frame.limit() ? frame.getShort(at) & 0xFFFF : 0;
    }

    private static Optional<ByteBuffer> from(ByteBuffer frame, int start) {
        return start < frame.limit() ? Optional.of(frame.slice(start, frame.limit() - start)) : Optional.empty();
    }
}
