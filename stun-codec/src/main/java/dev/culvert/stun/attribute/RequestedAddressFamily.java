package dev.culvert.stun.attribute;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * The address family that a client wants of its relayed address (RFC 8656 §18.6).
 *
 * @param family the number on the wire, 0–255; see {@link AddressFamily}
 */
public record RequestedAddressFamily(int family) implements Attribute {
    public static final AttributeType<RequestedAddressFamily> TYPE = new AttributeType<>(
            0x0017, "REQUESTED-ADDRESS-FAMILY", value -> value.exactly(4, v -> new RequestedAddressFamily(v.uint8(0))));

    public RequestedAddressFamily {
        if (family < 0 || family > 0xFF) {
            throw new IllegalArgumentException("an address family is 0 to 255, not " + family);
        }
    }

    /** Asks for {@code family}. */
    public static RequestedAddressFamily of(AddressFamily family) {
        return new RequestedAddressFamily(family.number());
    }

    /** The family that is asked for; empty where it is neither IPv4 nor IPv6, which a server answers with 440. */
    public Optional<AddressFamily> addressFamily() {
        return AddressFamily.ofNumber(family);
    }

    @Override
    public AttributeType<RequestedAddressFamily> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint8(family).zeros(3);
    }
}
