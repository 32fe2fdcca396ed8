package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * Where the request that carried RESPONSE-ADDRESS came from, of RFC 3489 §11.2.11.
 *
 * @param address the source of the request
 */
public record ReflectedFrom(TransportAddress address) implements Attribute {
    public static final AttributeType<ReflectedFrom> TYPE = new AttributeType<>(
            0x000B, "REFLECTED-FROM", value -> value.address().map(ReflectedFrom::new));

    @Override
    public AttributeType<ReflectedFrom> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
