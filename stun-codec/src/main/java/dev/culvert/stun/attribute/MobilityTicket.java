package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Lets a client move its allocation to another address (RFC 8016 §3.3); empty where it asks for a ticket.
 *
 * @param ticket opaque to the client
 */
public record MobilityTicket(Octets ticket) implements Attribute {
    public static final AttributeType<MobilityTicket> TYPE =
            new AttributeType<>(0x8030, "MOBILITY-TICKET", value -> Optional.of(new MobilityTicket(value.octets(0))));

    @Override
    public AttributeType<MobilityTicket> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(ticket);
    }

    /** Shows the length only: the value is a secret. */
    @Override
    public String toString() {
        return "MobilityTicket[" + ticket.lengthBytes() + " bytes]";
    }
}
