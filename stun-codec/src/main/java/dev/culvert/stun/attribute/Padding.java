package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Makes a message long enough to be fragmented (RFC 5780 §7.6); the content means nothing.
 *
 * @param lengthBytes the length of the value
 */
public record Padding(int lengthBytes) implements Attribute {
    public static final AttributeType<Padding> TYPE =
            new AttributeType<>(0x0026, "PADDING", value -> Optional.of(new Padding(value.lengthBytes())));

    public Padding {
        if (lengthBytes < 0 || lengthBytes > 0xFFF8) {
            throw new IllegalArgumentException("PADDING has 0 to 65528 bytes, not " + lengthBytes);
        }
    }

    @Override
    public AttributeType<Padding> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.zeros(lengthBytes);
    }
}
