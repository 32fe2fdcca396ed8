package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The client's reflexive transport address, masked from address-rewriting middleboxes (RFC 8489 §14.2).
 *
 * @param address what the server saw as the source of the request
 */
public record XorMappedAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<XorMappedAddress> TYPE = new AttributeType<>(
            0x0020, "XOR-MAPPED-ADDRESS", value -> value.xorAddress().map(XorMappedAddress::new));

    @Override
    public AttributeType<XorMappedAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.xorAddress(address);
    }
}
