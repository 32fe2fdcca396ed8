package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The CRC-32 that tells STUN from other protocols (RFC 8489 §14.7), as it stands; made by
 * {@link dev.culvert.stun.StunWriter#fingerprint} and checked by {@link dev.culvert.stun.StunMessage#checkFingerprint}.
 *
 * @param crc the 32 bits on the wire
 */
public record Fingerprint(int crc) implements Attribute {
    public static final AttributeType<Fingerprint> TYPE = new AttributeType<>(
            0x8028, "FINGERPRINT", value -> value.exactly(4, v -> new Fingerprint((int) v.uint32(0))));

    @Override
    public AttributeType<Fingerprint> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(crc);
    }
}
