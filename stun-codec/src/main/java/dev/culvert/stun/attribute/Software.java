package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * What software sent the message, for people who look for faults (RFC 8489 §14.14).
 *
 * @param description fewer than 128 characters when sent
 */
public record Software(String description) implements Attribute {
    public static final AttributeType<Software> TYPE =
            new AttributeType<>(0x8022, "SOFTWARE", value -> value.utf8(0).map(Software::new));

    @Override
    public AttributeType<Software> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(description);
    }
}
