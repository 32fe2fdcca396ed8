package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A view over one encoded STUN message. Mutable, owned by one thread, meant to be wrapped around one message after
 * another; it owns no bytes, moves no index of the buffer, and wrapping, checking and finding allocate nothing.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     STUN Message Type     |         Message Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Magic Cookie                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Transaction ID (96 bits)                  |
 * |                                                               |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>What stands behind MESSAGE-INTEGRITY is not visible, except MESSAGE-INTEGRITY-SHA256 and FINGERPRINT
 * (RFC 8489 §14.5, §14.6).
 */
public final class StunMessage {
    /** The length of the header in bytes. */
    public static final int HEADER_LENGTH = 20;

    /** The index that stands for "no such attribute". */
    public static final int ABSENT = -1;

    static final int ATTRIBUTE_HEADER_LENGTH = 4;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
    static final int FINGERPRINT = 0x8028;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(HEADER_LENGTH).asReadOnlyBuffer();

    private final Crc32 crc = new Crc32();
    private ByteBuffer bytes = NOTHING;
    private int start;
    private int end = HEADER_LENGTH;

    /** Where ordinary attributes end: at the first of the three below, or at the end of the message. */
    private int visibleEnd = HEADER_LENGTH;

    private int messageIntegrity = ABSENT;
    private int messageIntegritySha256 = ABSENT;
    private int fingerprint = ABSENT;

    /** What a message says about its own integrity by FINGERPRINT (RFC 8489 §14.7). */
    public enum FingerprintCheck {
        /** There is no FINGERPRINT. */
        ABSENT,
        /** The FINGERPRINT is the last attribute and right. */
        VALID,
        /** The FINGERPRINT is wrong or not the last attribute: this is not a STUN message. */
        INVALID
    }

    /** A view that shows an empty message until it is wrapped around one. */
    public StunMessage() {}

    /** Wraps the bytes between position and limit of {@code buffer}, as {@link #wrap(ByteBuffer, int, int)} does. */
    public Malformation wrap(ByteBuffer buffer) {
        return wrap(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Looks at {@code lengthBytes} bytes of {@code buffer} from {@code offset} as one whole message.
     *
     * @param buffer big-endian; lent until the next {@code wrap}
     * @return {@link Malformation#NONE}, or what is wrong; then this view shows an empty message until the next wrap
     */
    public Malformation wrap(ByteBuffer buffer, int offset, int lengthBytes) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer must be big-endian");
        }
        Malformation header = checkHeader(buffer, offset, lengthBytes);
        if (header != Malformation.NONE) {
            forget();
            return header;
        }
        bytes = buffer;
        start = offset;
        end = offset + lengthBytes;
        Malformation attributes = scanAttributes();
        if (attributes != Malformation.NONE) {
            forget();
        }
        return attributes;
    }

    private static Malformation checkHeader(ByteBuffer buffer, int offset, int lengthBytes) {
        if (lengthBytes < HEADER_LENGTH) {
            return Malformation.TOO_SHORT;
        }
        // RFC 8489 §5: the most significant 2 bits of every STUN message must be zeroes.
        if ((buffer.get(offset) & 0xC0) != 0) {
            return Malformation.NOT_STUN;
        }
        int length = buffer.getShort(offset + 2) & 0xFFFF;
        // RFC 8489 §5: all attributes are padded to a multiple of 4 bytes, so the last 2 bits are always zero.
        if ((length & 3) != 0) {
            return Malformation.UNALIGNED_LENGTH;
        }
        return length == lengthBytes - HEADER_LENGTH ? Malformation.NONE : Malformation.LENGTH_MISMATCH;
    }

    private Malformation scanAttributes() {
        messageIntegrity = ABSENT;
        messageIntegritySha256 = ABSENT;
        fingerprint = ABSENT;
        visibleEnd = end;
        int at = start + HEADER_LENGTH;
        while (at < end) {
            int valueLength = bytes.getShort(at + 2) & 0xFFFF;
            int next = at + ATTRIBUTE_HEADER_LENGTH + padded(valueLength);
            if (next > end) {
                return Malformation.ATTRIBUTE_OVERRUN;
            }
            noteTrailer(bytes.getShort(at) & 0xFFFF, at);
            at = next;
        }
        return Malformation.NONE;
    }

    /** Remembers the attributes that may follow MESSAGE-INTEGRITY, each in its place of the order of RFC 8489 §14.5–7. */
    private void noteTrailer(int type, int at) {
        if (type == MESSAGE_INTEGRITY && visibleEnd == end) {
            messageIntegrity = at;
            visibleEnd = at;
        } else if (type == MESSAGE_INTEGRITY_SHA256 && messageIntegritySha256 == ABSENT && fingerprint == ABSENT) {
            messageIntegritySha256 = at;
            visibleEnd = Math.min(visibleEnd, at);
        } else if (type == FINGERPRINT && fingerprint == ABSENT) {
            fingerprint = at;
            visibleEnd = Math.min(visibleEnd, at);
        }
    }

    private void forget() {
        bytes = NOTHING;
        start = 0;
        end = HEADER_LENGTH;
        visibleEnd = HEADER_LENGTH;
        messageIntegrity = ABSENT;
        messageIntegritySha256 = ABSENT;
        fingerprint = ABSENT;
    }

    public MessageClass messageClass() {
        return MessageClass.ofType(bytes.getShort(start));
    }

    /** The method, as in {@link StunMethod}. */
    public int method() {
        return MessageClass.methodOfType(bytes.getShort(start));
    }

    /** Whether this is a message of the given class and method. */
    public boolean is(MessageClass messageClass, int method) {
        return bytes.getShort(start) == messageClass.typeWith(method);
    }

    /** Whether this is a message of RFC 3489, which has no magic cookie. */
    public boolean isClassic() {
        return bytes.getInt(start + 4) != TransactionId.MAGIC_COOKIE;
    }

    public TransactionId transactionId() {
        return new TransactionId(bytes.getLong(start + 4), bytes.getLong(start + 12));
    }

    /** Whether this message carries {@code id}, without making one. */
    public boolean hasTransactionId(TransactionId id) {
        return bytes.getLong(start + 4) == id.high() && bytes.getLong(start + 12) == id.low();
    }

    /** The length of the whole message, header included. */
    public int lengthBytes() {
        return end - start;
    }

    /** The buffer that was wrapped; the message lies in it from {@link #offset()}. */
    public ByteBuffer buffer() {
        return bytes;
    }

    /** The index of the message's first byte in {@link #buffer()}. */
    public int offset() {
        return start;
    }

    /** The first occurrence of {@code type}, decoded; empty where it is absent or its value does not decode. */
    public <T> Optional<T> get(AttributeType<T> type) {
        int at = find(type.number());
        return at == ABSENT ? Optional.empty() : type.decoder().apply(valueAt(at));
    }

    /** Every occurrence of {@code type} whose value decodes, in the order of the message. */
    public <T> List<T> all(AttributeType<T> type) {
        List<T> values = new ArrayList<>();
        for (int at = firstAttribute(); at != ABSENT; at = nextAttribute(at)) {
            if (typeAt(at) == type.number()) {
                type.decoder().apply(valueAt(at)).ifPresent(values::add);
            }
        }
        return values;
    }

    public boolean has(AttributeType<?> type) {
        return find(type.number()) != ABSENT;
    }

    /** The place of the first attribute with this number, for {@link #valueAt}; {@link #ABSENT} where there is none. */
    public int find(int type) {
        return switch (type) {
            case MESSAGE_INTEGRITY -> messageIntegrity;
            case MESSAGE_INTEGRITY_SHA256 -> messageIntegritySha256;
            case FINGERPRINT -> fingerprint;
            default -> findOrdinary(type);
        };
    }

    private int findOrdinary(int type) {
        for (int at = start + HEADER_LENGTH; at < visibleEnd; at = after(at)) {
            if (typeAt(at) == type) {
                return at;
            }
        }
        return ABSENT;
    }

    /** The place of the first visible attribute, or {@link #ABSENT}; with {@link #nextAttribute} it walks them all. */
    public int firstAttribute() {
        return visibleFrom(start + HEADER_LENGTH);
    }

    /** The place of the visible attribute that follows the one at {@code at}, or {@link #ABSENT}. */
    public int nextAttribute(int at) {
        return visibleFrom(after(at));
    }

    /** The type of the attribute at {@code at}. */
    public int typeAt(int at) {
        return bytes.getShort(at) & 0xFFFF;
    }

    /** The length in bytes, without padding, of the value of the attribute at {@code at}. */
    public int lengthAt(int at) {
        return bytes.getShort(at + 2) & 0xFFFF;
    }

    /** The value of the attribute at {@code at}. */
    public AttributeValue valueAt(int at) {
        return new AttributeValue(bytes, start, at + ATTRIBUTE_HEADER_LENGTH, lengthAt(at));
    }

    /** Checks FINGERPRINT (RFC 8489 §14.7). */
    public FingerprintCheck checkFingerprint() {
        if (fingerprint == ABSENT) {
            return FingerprintCheck.ABSENT;
        }
        boolean isLast = lengthAt(fingerprint) == 4 && after(fingerprint) == end;
        if (isLast && bytes.getInt(fingerprint + 4) == crc.fingerprint(bytes, start, fingerprint)) {
            return FingerprintCheck.VALID;
        }
        return FingerprintCheck.INVALID;
    }

    private int visibleFrom(int from) {
        int at = from;
        while (at < end) {
            if (at < visibleEnd || at == messageIntegrity || at == messageIntegritySha256 || at == fingerprint) {
                return at;
            }
            at = after(at);
        }
        return ABSENT;
    }

    private int after(int at) {
        return at + ATTRIBUTE_HEADER_LENGTH + padded(lengthAt(at));
    }

    static int padded(int lengthBytes) {
        return lengthBytes + 3 & ~3;
    }
}
