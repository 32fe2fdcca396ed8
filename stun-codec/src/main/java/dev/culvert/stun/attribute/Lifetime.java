package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * How long the server keeps an allocation without a refresh (RFC 8656 §18.2).
 *
 * @param seconds 0–4294967295
 */
public record Lifetime(long seconds) implements Attribute {
    public static final AttributeType<Lifetime> TYPE =
            new AttributeType<>(0x000D, "LIFETIME", value -> value.exactly(4, v -> new Lifetime(v.uint32(0))));

    public Lifetime {
        if (seconds >>> 32 != 0) {
            throw new IllegalArgumentException("a lifetime has 32 bits, not " + seconds);
        }
    }

    @Override
    public AttributeType<Lifetime> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(seconds);
    }
}
