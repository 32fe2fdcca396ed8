package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Application data of a Send or Data indication (RFC 8656 §18.4), copied; a relay reads it in place by
 * {@link dev.culvert.stun.StunMessage#find}.
 *
 * @param payload what stands, or will stand, behind the UDP header
 */
public record Data(Octets payload) implements Attribute {
    public static final AttributeType<Data> TYPE =
            new AttributeType<>(0x0013, "DATA", value -> Optional.of(new Data(value.octets(0))));

    @Override
    public AttributeType<Data> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.octets(payload);
    }
}
