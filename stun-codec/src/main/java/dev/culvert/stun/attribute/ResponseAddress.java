package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * Where the response was to be sent, of RFC 3489 §11.2.2; nobody should obey it, since it makes a server a reflector.
 *
 * @param address the address that the sender named
 */
public record ResponseAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<ResponseAddress> TYPE = new AttributeType<>(
            0x0002, "RESPONSE-ADDRESS", value -> value.address().map(ResponseAddress::new));

    @Override
    public AttributeType<ResponseAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
