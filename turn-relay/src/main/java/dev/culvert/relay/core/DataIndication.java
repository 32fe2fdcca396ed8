package dev.culvert.relay.core;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;

/**
 * Writes what stands before and behind the application data of a Data indication (RFC 8656 §11.3), so that these need
 * not be copied into a message. Allocates nothing.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    STUN header (20 bytes)                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |              XOR-PEER-ADDRESS (12 or 24 bytes)                |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        Type of DATA           |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                Application data and padding                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class DataIndication {
    /** The length of the longest header, that of an IPv6 peer. */
    public static final int MAX_HEADER_LENGTH = StunMessage.HEADER_LENGTH + 24 + 4;

    /** The longest application data for which the message's length field has room, whatever the family. */
    public static final int MAX_DATA_LENGTH = 0xFFFC - 24 - 4;

    private static final short TYPE = (short) MessageClass.INDICATION.typeWith(StunMethod.DATA);
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;

    private DataIndication() {}

    /** The length of what {@link #writeHeader} writes for {@code peer}. */
    public static int headerLength(TransportAddress peer) {
        return StunMessage.HEADER_LENGTH + addressLength(peer.ip()) + 2 * ATTRIBUTE_HEADER_LENGTH;
    }

    private static int addressLength(IpAddress ip) {
        return 4 + ip.family().lengthBytes();
    }

    /**
     * Appends to {@code out} all that stands before the application data.
     *
     * @param out big-endian
     * @param idHigh the first 32 bits of the transaction id
     * @param idLow its other 64 bits
     * @param lengthBytes the length of the application data, at most {@link #MAX_DATA_LENGTH}
     */
    public static void writeHeader(ByteBuffer out, int idHigh, long idLow, TransportAddress peer, int lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > MAX_DATA_LENGTH) {
            throw new IllegalArgumentException("a Data indication has no room for " + lengthBytes + " bytes");
        }
        begin(out, idHigh, idLow, peer, ATTRIBUTE_HEADER_LENGTH + lengthBytes + padding(lengthBytes));
        out.putShort((short) Data.TYPE.number()).putShort((short) lengthBytes);
    }

    /** Appends the STUN header of a message of which {@code moreBytes} follow, and XOR-PEER-ADDRESS. */
    static void begin(ByteBuffer out, int idHigh, long idLow, TransportAddress peer, int moreBytes) {
        int length = ATTRIBUTE_HEADER_LENGTH + addressLength(peer.ip()) + moreBytes;
        long maskHigh = (long) TransactionId.MAGIC_COOKIE << 32 | idHigh & 0xFFFF_FFFFL;
        out.putShort(TYPE).putShort((short) length).putLong(maskHigh).putLong(idLow);
        writePeer(out, peer, maskHigh, idLow);
    }

    /** RFC 8489 §14.2: the address is masked by the magic cookie and the transaction id. */
    private static void writePeer(ByteBuffer out, TransportAddress peer, long maskHigh, long maskLow) {
        IpAddress ip = peer.ip();
        out.putShort((short) XorPeerAddress.TYPE.number()).putShort((short) addressLength(ip));
        out.putShort((short) ip.family().number()).putShort((short) (peer.port() ^ maskHigh >>> 48));
        if (ip.isIpv4()) {
            out.putInt((int) (ip.low() ^ maskHigh >>> 32));
            return;
        }
        out.putLong(ip.high() ^ maskHigh).putLong(ip.low() ^ maskLow);
    }

    /** Appends the padding that stands behind {@code lengthBytes} of application data. */
    public static void writePadding(ByteBuffer out, int lengthBytes) {
        for (int i = padding(lengthBytes); i > 0; i--) {
            out.put((byte) 0);
        }
    }

    /** The length of what {@link #writePadding} writes. */
    public static int padding(int lengthBytes) {
        return -lengthBytes & 3;
    }
}
