package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The channel that a client binds to a peer (RFC 8656 §18.1).
 *
 * @param number 0–65535; whether it is one that may be bound is the server's to say
 */
public record ChannelNumber(int number) implements Attribute {
    public static final AttributeType<ChannelNumber> TYPE = new AttributeType<>(
            0x000C, "CHANNEL-NUMBER", value -> value.exactly(4, v -> new ChannelNumber(v.uint16(0))));

    public ChannelNumber {
        if ((number & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("a channel number has 16 bits, not " + number);
        }
    }

    @Override
    public AttributeType<ChannelNumber> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint16(number).uint16(0);
    }
}
