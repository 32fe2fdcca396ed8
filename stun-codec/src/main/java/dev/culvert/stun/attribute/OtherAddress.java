package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The address from which the server would answer if both IP and port were to change (RFC 5780 §7.4).
 *
 * @param address differs in IP and port from the one that was asked
 */
public record OtherAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<OtherAddress> TYPE = new AttributeType<>(
            0x802C, "OTHER-ADDRESS", value -> value.address().map(OtherAddress::new));

    @Override
    public AttributeType<OtherAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
