package dev.culvert.relay.core;

import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Icmp;
import java.nio.ByteBuffer;

/** Writes the Data indication that tells a client of an ICMP error (RFC 8656 §11.5). Allocates nothing. */
public final class IcmpIndication {
    private static final int DESTINATION_UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int TIME_EXCEEDED = 11;
    private static final int DESTINATION_UNREACHABLE_V6 = 1;
    private static final int PACKET_TOO_BIG = 2;
    private static final int TIME_EXCEEDED_V6 = 3;
    private static final int VALUE_LENGTH = 8;
    private static final int LENGTH = 4 + VALUE_LENGTH;

    /** The length of the longest one, that for an IPv6 peer. */
    public static final int MAX_LENGTH = DataIndication.MAX_HEADER_LENGTH + VALUE_LENGTH;

    private IcmpIndication() {}

    /** Whether a client is told of errors of this type. */
    static boolean isFor(boolean isIpv4, int icmpType) {
        // RFC 8656 §11.5: the type is either 3 or 11 for ICMP, or either 1, 2 or 3 for ICMPv6.
        return isIpv4
                ? icmpType == DESTINATION_UNREACHABLE || icmpType == TIME_EXCEEDED
                : icmpType == DESTINATION_UNREACHABLE_V6 || icmpType == PACKET_TOO_BIG || icmpType == TIME_EXCEEDED_V6;
    }

    /**
     * Appends a whole message to {@code out}.
     *
     * @param out big-endian
     * @param idHigh the first 32 bits of the transaction id
     * @param idLow its other 64 bits
     * @param destination where the packet went that met with the error
     * @param icmpType the type of ICMP, or of ICMPv6 where {@code destination} is of IPv6; 0–255
     * @param code 0–255
     * @param mtu that of the next hop where the packet was too big; else it does not matter; 32 bits
     */
    public static void write(
            ByteBuffer out, int idHigh, long idLow, TransportAddress destination, int icmpType, int code, long mtu) {
        DataIndication.begin(out, idHigh, idLow, destination, LENGTH);
        out.putShort((short) Icmp.TYPE.number()).putShort((short) VALUE_LENGTH);
        out.putShort((short) 0).put((byte) icmpType).put((byte) code);
        // RFC 8656 §18.13: for other types and codes the Error Data are zero.
        out.putInt(isTooBig(destination.ip().isIpv4(), icmpType, code) ? (int) mtu : 0);
    }

    private static boolean isTooBig(boolean isIpv4, int icmpType, int code) {
        return isIpv4
                ? icmpType == DESTINATION_UNREACHABLE && code == FRAGMENTATION_NEEDED
                : icmpType == PACKET_TOO_BIG;
    }
}
