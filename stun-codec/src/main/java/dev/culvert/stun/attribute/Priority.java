package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The priority that a peer-reflexive candidate learned from this check would have (RFC 8445 §16.1).
 *
 * @param value 0–4294967295
 */
public record Priority(long value) implements Attribute {
    public static final AttributeType<Priority> TYPE =
            new AttributeType<>(0x0024, "PRIORITY", value -> value.exactly(4, v -> new Priority(v.uint32(0))));

    public Priority {
        if (value >>> 32 != 0) {
            throw new IllegalArgumentException("a priority has 32 bits, not " + value);
        }
    }

    @Override
    public AttributeType<Priority> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(value);
    }
}
