package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;

/**
 * The transport protocol between server and peer that a client wants (RFC 8656 §18.8).
 *
 * @param protocol the IP protocol number, 0–255
 */
public record RequestedTransport(int protocol) implements Attribute {
    /** The protocol number of UDP. */
    public static final int UDP = 17;
    /** The protocol number of TCP (RFC 6062). */
    public static final int TCP = 6;

    public static final AttributeType<RequestedTransport> TYPE = new AttributeType<>(
            0x0019, "REQUESTED-TRANSPORT", value -> value.exactly(4, v -> new RequestedTransport(v.uint8(0))));

    public RequestedTransport {
        if (protocol < 0 || protocol > 0xFF) {
            throw new IllegalArgumentException("a protocol number is 0 to 255, not " + protocol);
        }
    }

    @Override
    public AttributeType<RequestedTransport> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint8(protocol).zeros(3);
    }
}
