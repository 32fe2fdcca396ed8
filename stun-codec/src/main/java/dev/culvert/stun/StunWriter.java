package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Appends one STUN message at a time to a caller's buffer. Mutable, owned by one thread.
 *
 * <p>Bytes go in at the buffer's position, which moves; the header's length is right after every call. A buffer that is
 * too small is a caller's mistake ({@link java.nio.BufferOverflowException}).
 */
public final class StunWriter {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int FINGERPRINT_LENGTH = 8;

    private final Crc32 crc = new Crc32();
    private final ValueWriter value = new ValueWriter();
    private ByteBuffer bytes = NOTHING;
    private int start;

    /** A writer without a message; {@link #begin} starts one. */
    public StunWriter() {}

    /** Starts a message of the given class and {@code method} (see {@link StunMethod}) at the position of {@code buffer}. */
    public StunWriter begin(ByteBuffer buffer, MessageClass messageClass, int method, TransactionId id) {
        return begin(buffer, messageClass.typeWith(method), id.high(), id.low());
    }

    /** Starts a response to {@code request}, or an indication that carries its transaction id. */
    public StunWriter beginReply(ByteBuffer buffer, MessageClass messageClass, StunMessage request) {
        ByteBuffer asked = request.buffer();
        int type = messageClass.typeWith(request.method());
        return begin(buffer, type, asked.getLong(request.offset() + 4), asked.getLong(request.offset() + 12));
    }

    private StunWriter begin(ByteBuffer buffer, int messageType, long idHigh, long idLow) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer must be big-endian");
        }
        bytes = buffer;
        start = buffer.position();
        value.turnTo(buffer, start);
        bytes.putShort((short) messageType).putShort((short) 0).putLong(idHigh).putLong(idLow);
        return this;
    }

    /** Appends {@code attribute} with its header and zero padding. */
    public StunWriter add(Attribute attribute) {
        int header = bytes.position();
        bytes.putShort((short) attribute.type().number()).putShort((short) 0);
        attribute.encode(value);
        int length = bytes.position() - header - StunMessage.ATTRIBUTE_HEADER_LENGTH;
        bytes.putShort(header + 2, (short) length);
        value.zeros(StunMessage.padded(length) - length);
        setLength(lengthBytes() - StunMessage.HEADER_LENGTH);
        return this;
    }

    /** Appends an attribute with the remaining bytes of {@code content}, whose position does not move, and zero padding. */
    public StunWriter add(AttributeType<?> type, ByteBuffer content) {
        int length = content.remaining();
        bytes.putShort((short) type.number()).putShort((short) length);
        int at = bytes.position();
        bytes.put(at, content, content.position(), length).position(at + length);
        value.zeros(StunMessage.padded(length) - length);
        setLength(lengthBytes() - StunMessage.HEADER_LENGTH);
        return this;
    }

    /** Appends FINGERPRINT, which must be the last attribute (RFC 8489 §14.7). */
    public StunWriter fingerprint() {
        int end = bytes.position();
        // RFC 8489 §14.7: the length in the header covers FINGERPRINT itself while the CRC is computed.
        setLength(lengthBytes() - StunMessage.HEADER_LENGTH + FINGERPRINT_LENGTH);
        int value = crc.fingerprint(bytes, start, end);
        bytes.putShort((short) StunMessage.FINGERPRINT).putShort((short) 4).putInt(value);
        return this;
    }

    /** The length of the message so far, header included. */
    public int lengthBytes() {
        return bytes.position() - start;
    }

    /** The buffer that is written to; the message begins in it at {@link #offset()}. */
    public ByteBuffer buffer() {
        return bytes;
    }

    /** The index of the message's first byte in {@link #buffer()}. */
    public int offset() {
        return start;
    }

    private void setLength(int lengthBytes) {
        if (lengthBytes > 0xFFFC) {
            throw new IllegalArgumentException("a STUN message has at most 65532 bytes of attributes");
        }
        bytes.putShort(start + 2, (short) lengthBytes);
    }
}
