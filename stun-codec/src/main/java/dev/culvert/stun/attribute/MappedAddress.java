package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The client's reflexive transport address in the clear, for clients of RFC 3489 (RFC 8489 §14.1).
 *
 * @param address what the server saw as the source of the request
 */
public record MappedAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<MappedAddress> TYPE = new AttributeType<>(
            0x0001, "MAPPED-ADDRESS", value -> value.address().map(MappedAddress::new));

    @Override
    public AttributeType<MappedAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
