package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * HMAC-SHA256 over the message up to here (RFC 8489 §14.6), as it stands; checked and made elsewhere.
 *
 * @param mac 16 to 32 bytes, a multiple of four; fewer than 32 only where the usage allows truncation
 */
public record MessageIntegritySha256(Octets mac) implements Attribute {
    public static final AttributeType<MessageIntegritySha256> TYPE = new AttributeType<>(
            0x001C,
            "MESSAGE-INTEGRITY-SHA256",
            value -> isLength(value.lengthBytes())
                    ? Optional.of(new MessageIntegritySha256(value.octets(0)))
                    : Optional.empty());

    public MessageIntegritySha256 {
        if (!isLength(mac.lengthBytes())) {
            throw new IllegalArgumentException(
                    "MESSAGE-INTEGRITY-SHA256 has 16 to 32 bytes, a multiple of four, not " + mac.lengthBytes());
        }
    }

    // RFC 8489 §14.6: at most 32 bytes, at least 16, and a multiple of 4.
    private static boolean isLength(int lengthBytes) {
        return lengthBytes >= 16 && lengthBytes <= 32 && lengthBytes % 4 == 0;
    }

    @Override
    public AttributeType<MessageIntegritySha256> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(mac);
    }
}
