package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * The bytes of one attribute's value, without padding; valid as long as the message view that it came from.
 *
 * <p>Indexes count from the start of the value, and reading past {@link #lengthBytes()} is a caller's mistake.
 */
public final class AttributeValue {
    private final ByteBuffer bytes;
    private final int messageStart;
    private final int start;
    private final int lengthBytes;

    AttributeValue(ByteBuffer bytes, int messageStart, int start, int lengthBytes) {
        this.bytes = bytes;
        this.messageStart = messageStart;
        this.start = start;
        this.lengthBytes = lengthBytes;
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    public int uint8(int index) {
        return bytes.get(at(index, 1)) & 0xFF;
    }

    public int uint16(int index) {
        return bytes.getShort(at(index, 2)) & 0xFFFF;
    }

    public long uint32(int index) {
        return bytes.getInt(at(index, 4)) & 0xFFFF_FFFFL;
    }

    /** The eight bytes at {@code index}, as the bits of a {@code long}. */
    public long int64(int index) {
        return bytes.getLong(at(index, 8));
    }

    /** A copy of the bytes from {@code index} to the end. */
    public byte[] bytes(int index) {
        byte[] copy = new byte[lengthBytes - index];
        bytes.get(at(index, copy.length), copy);
        return copy;
    }

    /** A copy of the bytes from {@code index} to the end, as a value. */
    public Octets octets(int index) {
        return Octets.owning(bytes(index));
    }

    /** A copy of {@code count} bytes from {@code index}, as a value. */
    public Octets octets(int index, int count) {
        byte[] copy = new byte[count];
        bytes.get(at(index, count), copy);
        return Octets.owning(copy);
    }

    /** What {@code reader} makes of this value if it has exactly {@code lengthBytes}; empty where it has not. */
    public <T> Optional<T> exactly(int lengthBytes, Function<AttributeValue, T> reader) {
        return this.lengthBytes == lengthBytes ? Optional.of(reader.apply(this)) : Optional.empty();
    }

    /** The text from {@code index} to the end; empty where it is not UTF-8. */
    public Optional<String> utf8(int index) {
        try {
            ByteBuffer text = ByteBuffer.wrap(bytes(index));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * The value as an address in the form of MAPPED-ADDRESS (RFC 8489 §14.1); empty where family and length do not fit.
     *
     * <pre>
     *  0                   1                   2                   3
     *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
     * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
     * |0 0 0 0 0 0 0 0|    Family     |             Port              |
     * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
     * |                 Address (32 bits or 128 bits)                 |
     * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
     * </pre>
     */
    public Optional<TransportAddress> address() {
        return address(0, 0);
    }

    /** The value as an address in the form of XOR-MAPPED-ADDRESS (RFC 8489 §14.2). */
    public Optional<TransportAddress> xorAddress() {
        // RFC 8489 §14.2: the mask is the magic cookie and the transaction id, which follow each other in the header.
        return address(bytes.getLong(messageStart + 4), bytes.getLong(messageStart + 12));
    }

    private Optional<TransportAddress> address(long maskHigh, long maskLow) {
        if (lengthBytes != 8 && lengthBytes != 20) {
            return Optional.empty();
        }
        int port = uint16(2) ^ (int) (maskHigh >>> 48);
        int family = uint8(1);
        if (family == AddressFamily.IPV4.number() && lengthBytes == 8) {
            return Optional.of(new TransportAddress(IpAddress.v4((int) uint32(4) ^ (int) (maskHigh >>> 32)), port));
        }
        if (family == AddressFamily.IPV6.number() && lengthBytes == 20) {
            return Optional.of(new TransportAddress(IpAddress.v6(int64(4) ^ maskHigh, int64(12) ^ maskLow), port));
        }
        return Optional.empty();
    }

    private int at(int index, int width) {
        if (index < 0 || index > lengthBytes - width) {
            throw new IndexOutOfBoundsException(width + " bytes at " + index + " of a value of " + lengthBytes);
        }
        return start + index;
    }
}
