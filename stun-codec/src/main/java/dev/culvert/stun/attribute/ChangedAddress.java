package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;

/**
 * The server's other IP and port, of RFC 3489 §11.2.3.
 *
 * @param address differs in IP and port from the one that was asked
 */
public record ChangedAddress(TransportAddress address) implements Attribute {
    public static final AttributeType<ChangedAddress> TYPE = new AttributeType<>(
            0x0005, "CHANGED-ADDRESS", value -> value.address().map(ChangedAddress::new));

    @Override
    public AttributeType<ChangedAddress> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.address(address);
    }
}
