package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The address that the response was sent from, of RFC 3489 §11.2.5.
 *
 * @param address the server's sending address
 */
public record SourceAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<SourceAddress> TYPE = new AttributeType<>(
            0x0004, "SOURCE-ADDRESS", value -> value.address().map(SourceAddress::new));

    @Override
    public AttributeType<SourceAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
