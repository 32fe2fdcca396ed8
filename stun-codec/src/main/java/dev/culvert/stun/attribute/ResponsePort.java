package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Asks for the answer at another port of the asking IP address (RFC 5780 §7.5).
 *
 * @param port 0–65535
 */
public record ResponsePort(int port) implements Attribute {
    public static final AttributeType<ResponsePort> TYPE = new AttributeType<>(
            0x0027,
            "RESPONSE-PORT",
            // Some senders count the two bytes of padding as part of the value.
            value -> value.lengthBytes() == 2 || value.lengthBytes() == 4
                    ? Optional.of(new ResponsePort(value.uint16(0)))
                    : Optional.empty());

    public ResponsePort {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    @Override
    public AttributeType<ResponsePort> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint16(port);
    }
}
