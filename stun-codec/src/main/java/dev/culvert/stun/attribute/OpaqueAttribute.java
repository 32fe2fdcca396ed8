package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;
import java.util.function.Function;

/**
 * An attribute that has a name but no published form; any value decodes.
 *
 * @param type made by {@link #type(int, String)}
 * @param value the bytes as they stand
 */
public record OpaqueAttribute(AttributeType<OpaqueAttribute> type, Octets value) implements Attribute {
    /** The key of an opaque attribute. */
    public static AttributeType<OpaqueAttribute> type(int number, String name) {
        return new AttributeType<>(number, name, new Decoder(number, name));
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(value);
    }

    /** A record, so that types with the same number and name are equal. */
    private record Decoder(int number, String name) implements Function<AttributeValue, Optional<OpaqueAttribute>> {
        @Override
        public Optional<OpaqueAttribute> apply(AttributeValue value) {
            return Optional.of(new OpaqueAttribute(type(number, name), value.octets(0)));
        }
    }
}
