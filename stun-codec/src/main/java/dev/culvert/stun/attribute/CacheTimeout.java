package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * How long a server remembers a request; registered by RFC 5780 §9.1, described only in its drafts.
 *
 * @param seconds 0–4294967295
 */
public record CacheTimeout(long seconds) implements Attribute {
    public static final AttributeType<CacheTimeout> TYPE =
            new AttributeType<>(0x8027, "CACHE-TIMEOUT", value -> value.exactly(4, v -> new CacheTimeout(v.uint32(0))));

    public CacheTimeout {
        if (seconds >>> 32 != 0) {
            throw new IllegalArgumentException("a timeout has 32 bits, not " + seconds);
        }
    }

    @Override
    public AttributeType<CacheTimeout> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(seconds);
    }
}
