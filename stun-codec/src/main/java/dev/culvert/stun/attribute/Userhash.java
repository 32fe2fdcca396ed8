package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;

/**
 * Stands in for USERNAME where the server keeps names confidential (RFC 8489 §14.4).
 *
 * @param hash SHA-256 of username, colon and realm, 32 bytes
 */
public record Userhash(Octets hash) implements Attribute {
    private static final int LENGTH = 32;

    public static final AttributeType<Userhash> TYPE =
            new AttributeType<>(0x001E, "USERHASH", value -> value.exactly(LENGTH, v -> new Userhash(v.octets(0))));

    public Userhash {
        if (hash.lengthBytes() != LENGTH) {
            throw new IllegalArgumentException("USERHASH has 32 bytes, not " + hash.lengthBytes());
        }
    }

    @Override
    public AttributeType<Userhash> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(hash);
    }
}
