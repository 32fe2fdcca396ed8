package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The comprehension-required attributes that a server did not know, in a 420 answer (RFC 8489 §14.13).
 *
 * @param types attribute types, 0x0000–0xFFFF; a server names comprehension-required ones only
 */
public record UnknownAttributes(List<Integer> types) implements Attribute {
    public static final AttributeType<UnknownAttributes> TYPE =
            new AttributeType<>(0x000A, "UNKNOWN-ATTRIBUTES", UnknownAttributes::decode);

    public UnknownAttributes {
        types = List.copyOf(types);
        for (int type : types) {
            if ((type & ~0xFFFF) != 0) {
                throw new IllegalArgumentException("an attribute type has 16 bits, not " + type);
            }
        }
    }

    private static Optional<UnknownAttributes> decode(AttributeValue value) {
        if (value.lengthBytes() % 2 != 0) {
            return Optional.empty();
        }
        List<Integer> types = new ArrayList<>();
        for (int at = 0; at < value.lengthBytes(); at += 2) {
            types.add(value.uint16(at));
        }
        return Optional.of(new UnknownAttributes(types));
    }

    @Override
    public AttributeType<UnknownAttributes> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        types.forEach(out::uint16);
    }
}
