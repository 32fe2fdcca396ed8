package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The realm of a long-term credential (RFC 8489 §14.9).
 *
 * @param name prepared by OpaqueString, without quotes; fewer than 128 characters when sent
 */
public record Realm(String name) implements Attribute {
    public static final AttributeType<Realm> TYPE =
            new AttributeType<>(0x0014, "REALM", value -> value.utf8(0).map(Realm::new));

    @Override
    public AttributeType<Realm> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(name);
    }
}
