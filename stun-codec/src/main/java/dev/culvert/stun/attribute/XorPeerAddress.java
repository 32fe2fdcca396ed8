package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The peer as the TURN server sees it (RFC 8656 §18.3); several may stand in one CreatePermission request.
 *
 * @param address the peer's transport address
 */
public record XorPeerAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<XorPeerAddress> TYPE = new AttributeType<>(
            0x0012, "XOR-PEER-ADDRESS", value -> value.xorAddress().map(XorPeerAddress::new));

    @Override
    public AttributeType<XorPeerAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.xorAddress(address);
    }
}
