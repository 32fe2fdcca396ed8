package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * The shared secret that a Shared Secret response hands out, of RFC 3489 §11.2.7.
 *
 * @param value the secret
 */
public record Password(Octets value) implements Attribute {
    public static final AttributeType<Password> TYPE =
            new AttributeType<>(0x0007, "PASSWORD", value -> Optional.of(new Password(value.octets(0))));

    @Override
    public AttributeType<Password> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(value);
    }

    /** Shows the length only: the value is a secret. */
    @Override
    public String toString() {
        return "Password[" + value.lengthBytes() + " bytes]";
    }
}
