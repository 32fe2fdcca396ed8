package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * The name that the certificate of ALTERNATE-SERVER must carry (RFC 8489 §14.16).
 *
 * @param name a DNS name of at most 255 ASCII characters
 */
public record AlternateDomain(String name) implements Attribute {
    private static final int MAX_LENGTH = 255;

    public static final AttributeType<AlternateDomain> TYPE =
            new AttributeType<>(0x8003, "ALTERNATE-DOMAIN", AlternateDomain::decode);

    public AlternateDomain {
        if (!isName(name)) {
            throw new IllegalArgumentException("a domain has 1 to 255 ASCII characters: " + name);
        }
    }

    private static Optional<AlternateDomain> decode(AttributeValue value) {
        return value.utf8(0).filter(AlternateDomain::isName).map(AlternateDomain::new);
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_LENGTH && name.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    @Override
    public AttributeType<AlternateDomain> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.utf8(name);
    }
}
