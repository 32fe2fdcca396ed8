package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The address that the response was sent from (RFC 5780 §7.3).
 *
 * @param address the server's sending address
 */
public record ResponseOrigin(TransportAddress address) implements Attribute {
    public static final AttributeType<ResponseOrigin> TYPE = new AttributeType<>(
            0x802B, "RESPONSE-ORIGIN", value -> value.address().map(ResponseOrigin::new));

    @Override
    public AttributeType<ResponseOrigin> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
