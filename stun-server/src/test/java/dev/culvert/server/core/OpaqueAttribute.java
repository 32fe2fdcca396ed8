package dev.culvert.server.core;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/** An attribute of any type, with {@code lengthBytes} zeros as its value. */
record OpaqueAttribute(int number, int lengthBytes) implements Attribute {
    @Override
    public AttributeType<OpaqueAttribute> type() {
        return new AttributeType<>(number, "0x" + Integer.toHexString(number), value -> Optional.of(this));
    }

    @Override
    public void encode(ValueWriter out) {
        out.zeros(lengthBytes);
    }
}
