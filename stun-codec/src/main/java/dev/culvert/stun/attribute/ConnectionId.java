package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * A TCP connection between server and peer (RFC 6062 §6.2.1).
 *
 * @param id 0–4294967295
 */
public record ConnectionId(long id) implements Attribute {
    public static final AttributeType<ConnectionId> TYPE =
            new AttributeType<>(0x002A, "CONNECTION-ID", value -> value.exactly(4, v -> new ConnectionId(v.uint32(0))));

    public ConnectionId {
        if (id >>> 32 != 0) {
            throw new IllegalArgumentException("a connection id has 32 bits, not " + id);
        }
    }

    @Override
    public AttributeType<ConnectionId> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint32(id);
    }
}
