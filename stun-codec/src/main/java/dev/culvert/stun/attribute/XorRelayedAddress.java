package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The address that the TURN server allocated to the client (RFC 8656 §18.5); two in a dual allocation.
 *
 * @param address the relayed transport address
 */
public record XorRelayedAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<XorRelayedAddress> TYPE = new AttributeType<>(
            0x0016, "XOR-RELAYED-ADDRESS", value -> value.xorAddress().map(XorRelayedAddress::new));

    @Override
    public AttributeType<XorRelayedAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.xorAddress(address);
    }
}
