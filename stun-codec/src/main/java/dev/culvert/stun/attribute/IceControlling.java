package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Says that the sender believes to be the controlling agent (RFC 8445 §16.1).
 *
 * @param tieBreaker 64 random bits, compared as unsigned
 */
public record IceControlling(long tieBreaker) implements Attribute {
    public static final AttributeType<IceControlling> TYPE = new AttributeType<>(
            0x802A, "ICE-CONTROLLING", value -> value.exactly(8, v -> new IceControlling(v.int64(0))));

    @Override
    public AttributeType<IceControlling> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.int64(tieBreaker);
    }
}
