package dev.culvert.stun.attribute;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * Why one address family of a dual allocation was not allocated (RFC 8656 §18.12).
 *
 * @param family the number on the wire, 0–255; see {@link AddressFamily}
 * @param code 300–699; 440 or 508 are meant
 * @param reason words for people; may be empty
 */
public record AddressErrorCode(int family, int code, String reason) implements Attribute {
    public static final AttributeType<AddressErrorCode> TYPE =
            new AttributeType<>(0x8001, "ADDRESS-ERROR-CODE", AddressErrorCode::decode);

    public AddressErrorCode {
        if (family < 0 || family > 0xFF) {
            throw new IllegalArgumentException("an address family is 0 to 255, not " + family);
        }
        if (code < 300 || code > 699) {
            throw new IllegalArgumentException("an error code is 300 to 699, not " + code);
        }
    }

    /** The error for {@code family} with the reason phrase of the IANA registry. */
    public static AddressErrorCode of(AddressFamily family, int code) {
        return new AddressErrorCode(family.number(), code, ErrorCode.defaultReason(code));
    }

    private static Optional<AddressErrorCode> decode(AttributeValue value) {
        // The lower half of the first word and the reason have the layout of ERROR-CODE.
        return ErrorCode.decode(value).map(error -> new AddressErrorCode(value.uint8(0), error.code(), error.reason()));
    }

    /** The family that was not allocated; empty where it is neither IPv4 nor IPv6. */
    public Optional<AddressFamily> addressFamily() {
        return AddressFamily.ofNumber(family);
    }

    @Override
    public AttributeType<AddressErrorCode> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        out.uint8(family).uint8(0).uint8(code / 100).uint8(code % 100).utf8(reason);
    }
}
