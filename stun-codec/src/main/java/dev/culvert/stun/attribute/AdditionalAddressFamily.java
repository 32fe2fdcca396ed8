package dev.culvert.stun.attribute;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Asks for a second relayed address of this family (RFC 8656 §18.11); only IPv6 is valid.
 *
 * @param family the number on the wire, 0–255; see {@link AddressFamily}
 */
public record AdditionalAddressFamily(int family) implements Attribute {
    public static final AttributeType<AdditionalAddressFamily> TYPE = new AttributeType<>(
            0x8000,
            "ADDITIONAL-ADDRESS-FAMILY",
            value -> value.exactly(4, v -> new AdditionalAddressFamily(v.uint8(0))));

    public AdditionalAddressFamily {
        if (family < 0 || family > 0xFF) {
            throw new IllegalArgumentException("an address family is 0 to 255, not " + family);
        }
    }

    /** Asks for {@code family}. */
    public static AdditionalAddressFamily of(AddressFamily family) {
        return new AdditionalAddressFamily(family.number());
    }

    /** The family that is asked for; empty where it is neither IPv4 nor IPv6, which a server answers with 440. */
    public Optional<AddressFamily> addressFamily() {
        return AddressFamily.ofNumber(family);
    }

    @Override
    public AttributeType<AdditionalAddressFamily> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint8(family).zeros(3);
    }
}
