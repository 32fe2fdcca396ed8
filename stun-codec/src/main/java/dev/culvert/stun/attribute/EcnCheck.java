package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * Echoes the ECN bits of the packet that is answered (RFC 6679 §7.2.2).
 *
 * @param isValid flag V: whether {@code ecn} says anything
 * @param ecn the two ECN bits, 0–3
 */
public record EcnCheck(boolean isValid, int ecn) implements Attribute {
    public static final AttributeType<EcnCheck> TYPE = new AttributeType<>(
            0x802D,
            "ECN-CHECK STUN",
            value -> value.exactly(4, v -> new EcnCheck((v.uint8(3) & 1) != 0, v.uint8(3) >> 1 & 3)));

    public EcnCheck {
        if (ecn < 0 || ecn > 3) {
            throw new IllegalArgumentException("ECN has two bits, not " + ecn);
        }
    }

    @Override
    public AttributeType<EcnCheck> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(ecn << 1 | (isValid ? 1 : 0));
    }
}
