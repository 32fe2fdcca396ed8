package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;

/**
 * HMAC-SHA1 over the message up to here (RFC 8489 §14.5), as it stands; checked and made elsewhere.
 *
 * @param mac 20 bytes
 */
public record MessageIntegrity(Octets mac) implements Attribute {
    private static final int LENGTH = 20;

    public static final AttributeType<MessageIntegrity> TYPE = new AttributeType<>(
            0x0008, "MESSAGE-INTEGRITY", value -> value.exactly(LENGTH, v -> new MessageIntegrity(v.octets(0))));

    public MessageIntegrity {
        if (mac.lengthBytes() != LENGTH) {
            throw new IllegalArgumentException("MESSAGE-INTEGRITY has 20 bytes, not " + mac.lengthBytes());
        }
    }

    @Override
    public AttributeType<MessageIntegrity> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(mac);
    }
}
