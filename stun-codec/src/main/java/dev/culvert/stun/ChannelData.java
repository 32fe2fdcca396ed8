package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A view over one ChannelData message of TURN (RFC 8656 §12.4). Mutable, owned by one thread, meant to be wrapped around
 * one message after another; it owns no bytes, moves no index of the buffer, and only {@link #payload} allocates.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Channel Number        |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Application Data                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class ChannelData {
    /** The length of the header in bytes. */
    public static final int HEADER_LENGTH = 4;
    /** The lowest channel number. */
    public static final int MIN_NUMBER = 0x4000;
    /** The highest channel number of RFC 8656 §12. */
    public static final int MAX_NUMBER = 0x4FFF;
    /** The highest channel number of RFC 5766 §11, which older clients still choose from. */
    public static final int MAX_NUMBER_RFC5766 = 0x7FFF;

    private static final ByteBuffer NOTHING =
            ByteBuffer.allocate(HEADER_LENGTH).putInt(0, MIN_NUMBER << 16).asReadOnlyBuffer();

    private ByteBuffer bytes = NOTHING;
    private int start;

    /** A view that shows an empty message until it is wrapped around one. */
    public ChannelData() {}

    /** Wraps the bytes between position and limit of {@code buffer}, as {@link #wrap(ByteBuffer, int, int)} does. */
    public Malformation wrap(ByteBuffer buffer) {
        return wrap(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Looks at {@code lengthBytes} bytes of {@code buffer} from {@code offset} as one ChannelData message; what stands
     * behind the application data is padding.
     *
     * @param buffer big-endian; lent until the next {@code wrap}
     * @return {@link Malformation#NONE}, or what is wrong; then this view shows an empty message until the next wrap
     */
    public Malformation wrap(ByteBuffer buffer, int offset, int lengthBytes) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer must be big-endian");
        }
        Malformation malformation = check(buffer, offset, lengthBytes);
        bytes = malformation == Malformation.NONE ? buffer : NOTHING;
        start = malformation == Malformation.NONE ? offset : 0;
        return malformation;
    }

    private static Malformation check(ByteBuffer buffer, int offset, int lengthBytes) {
        // RFC 5766 §11: the first two bits tell ChannelData (01) from STUN (00).
        if (lengthBytes < HEADER_LENGTH || !startsWith(buffer.get(offset))) {
            return Malformation.NOT_CHANNEL_DATA;
        }
        int claimed = buffer.getShort(offset + 2) & 0xFFFF;
        // RFC 8656 §12.6: a datagram too short for the claimed length is discarded.
        return claimed > lengthBytes - HEADER_LENGTH ? Malformation.CHANNEL_DATA_TOO_SHORT : Malformation.NONE;
    }

    /** Whether ChannelData of RFC 5766 or RFC 8656 may begin with {@code firstByte}. */
    static boolean startsWith(byte firstByte) {
        return (firstByte & 0xC0) == 0x40;
    }

    /** The channel number, 0x4000–0x7FFF. */
    public int number() {
        return bytes.getShort(start) & 0xFFFF;
    }

    /** The length of the application data in bytes. */
    public int lengthBytes() {
        return bytes.getShort(start + 2) & 0xFFFF;
    }

    /** The index of the first byte of application data in the wrapped buffer. */
    public int payloadOffset() {
        return start + HEADER_LENGTH;
    }

    /** The application data as a slice of the wrapped buffer. */
    public ByteBuffer payload() {
        return bytes.slice(payloadOffset(), lengthBytes());
    }

    /**
     * Appends the header of a ChannelData message to {@code out}.
     *
     * @param number 0x4000–0x7FFF
     * @param lengthBytes the length of the application data that will follow, 0–65535
     */
    public static void writeHeader(ByteBuffer out, int number, int lengthBytes) {
        if (number < MIN_NUMBER || number > MAX_NUMBER_RFC5766) {
            throw new IllegalArgumentException("a channel number is 0x4000 to 0x7FFF, not " + number);
        }
        if ((lengthBytes & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("ChannelData carries 0 to 65535 bytes, not " + lengthBytes);
        }
        out.putShort((short) number).putShort((short) lengthBytes);
    }

    /** Appends the padding that a stream needs behind {@code lengthBytes} of application data (RFC 8656 §12.5). */
    public static void pad(ByteBuffer out, int lengthBytes) {
        for (int i = lengthBytes; i < StunMessage.padded(lengthBytes); i++) {
            out.put((byte) 0);
        }
    }

    /** The length on a stream of a message with {@code lengthBytes} of application data: header and padding included. */
    public static int streamLength(int lengthBytes) {
        return HEADER_LENGTH + StunMessage.padded(lengthBytes);
    }
}
