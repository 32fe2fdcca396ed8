package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Whose credential protects the message (RFC 8489 §14.3).
 *
 * @param name prepared by OpaqueString; fewer than 509 bytes of UTF-8 when sent
 */
public record Username(String name) implements Attribute {
    public static final AttributeType<Username> TYPE =
            new AttributeType<>(0x0006, "USERNAME", value -> value.utf8(0).map(Username::new));

    @Override
    public AttributeType<Username> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(name);
    }
}
