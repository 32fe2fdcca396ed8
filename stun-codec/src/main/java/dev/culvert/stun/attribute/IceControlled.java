package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Says that the sender believes to be the controlled agent (RFC 8445 §16.1).
 *
 * @param tieBreaker 64 random bits, compared as unsigned
 */
public record IceControlled(long tieBreaker) implements Attribute {
    public static final AttributeType<IceControlled> TYPE = new AttributeType<>(
            0x8029, "ICE-CONTROLLED", value -> value.exactly(8, v -> new IceControlled(v.int64(0))));

    @Override
    public AttributeType<IceControlled> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.int64(tieBreaker);
    }
}
