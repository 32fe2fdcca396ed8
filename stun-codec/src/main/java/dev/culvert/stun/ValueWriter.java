package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Appends one attribute's value; lent to {@link Attribute#encode} by {@link StunWriter}, which adds header and padding.
 * Mutable, owned by one thread.
 */
public final class ValueWriter {
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int messageStart;

    ValueWriter() {}

    /** Turns to the message that begins at {@code newMessageStart} of {@code buffer}. */
    void turnTo(ByteBuffer buffer, int newMessageStart) {
        bytes = buffer;
        messageStart = newMessageStart;
    }

    public ValueWriter uint8(int value) {
        bytes.put((byte) value);
        return this;
    }

    public ValueWriter uint16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    public ValueWriter uint32(long value) {
        bytes.putInt((int) value);
        return this;
    }

    public ValueWriter int64(long value) {
        bytes.putLong(value);
        return this;
    }

    public ValueWriter bytes(byte[] value) {
        bytes.put(value);
        return this;
    }

    public ValueWriter octets(Octets value) {
        return bytes(value.unsafeBytes());
    }

    /** Appends {@code count} bytes of value 0. */
    public ValueWriter zeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes.put((byte) 0);
        }
        return this;
    }

    public ValueWriter utf8(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends an address in the form of MAPPED-ADDRESS (RFC 8489 §14.1). */
    public ValueWriter address(TransportAddress address) {
        return address(address, 0, 0);
    }

    /** Appends an address in the form of XOR-MAPPED-ADDRESS (RFC 8489 §14.2). */
    public ValueWriter xorAddress(TransportAddress address) {
        return address(address, bytes.getLong(messageStart + 4), bytes.getLong(messageStart + 12));
    }

    private ValueWriter address(TransportAddress address, long maskHigh, long maskLow) {
        IpAddress ip = address.ip();
        uint8(0).uint8(ip.family().number()).uint16(address.port() ^ (int) (maskHigh >>> 48));
        if (ip.isIpv4()) {
            return uint32(ip.low() ^ maskHigh >>> 32);
        }
        return int64(ip.high() ^ maskHigh).int64(ip.low() ^ maskLow);
    }
}
