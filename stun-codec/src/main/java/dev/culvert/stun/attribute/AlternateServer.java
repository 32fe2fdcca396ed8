package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * Another server that the client should try, in a 300 answer (RFC 8489 §14.15).
 *
 * @param address where that server listens
 */
public record AlternateServer(TransportAddress address) implements Attribute {
    public static final AttributeType<AlternateServer> TYPE = new AttributeType<>(
            0x8023, "ALTERNATE-SERVER", value -> value.address().map(AlternateServer::new));

    @Override
    public AttributeType<AlternateServer> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
