package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.Octets;
import dev.culvert.stun.ValueWriter;
import java.util.Optional;

/**
 * The algorithm by which the key comes from a long-term password (RFC 8489 §14.12).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           Algorithm           |  Algorithm Parameters Length  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Algorithm Parameters (variable, padded to 32 bits)    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param algorithm the number in the IANA registry, 0–65535
 * @param parameters what the algorithm needs besides; empty for both that are registered
 */
public record PasswordAlgorithm(int algorithm, Octets parameters) implements Attribute {
    private static final int HEADER_LENGTH = 4;

    /** RFC 8489 §18.5.1.1. */
    public static final PasswordAlgorithm MD5 = new PasswordAlgorithm(0x0001, Octets.empty());
    /** RFC 8489 §18.5.1.2. */
    public static final PasswordAlgorithm SHA_256 = new PasswordAlgorithm(0x0002, Octets.empty());

    public static final AttributeType<PasswordAlgorithm> TYPE =
            new AttributeType<>(0x001D, "PASSWORD-ALGORITHM", PasswordAlgorithm::decode);

    public PasswordAlgorithm {
        if ((algorithm & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("a password algorithm has 16 bits, not " + algorithm);
        }
    }

    private static Optional<PasswordAlgorithm> decode(AttributeValue value) {
        return decodeAt(value, 0).filter(algorithm -> algorithm.encodedLength() >= value.lengthBytes());
    }

    /** The algorithm at {@code index} of a list; empty where it reaches past the end of {@code value}. */
    static Optional<PasswordAlgorithm> decodeAt(AttributeValue value, int index) {
        int room = value.lengthBytes() - index - HEADER_LENGTH;
        // The last parameters' padding may be left out of the attribute's length.
        if (room < 0 || value.uint16(index + 2) > room) {
            return Optional.empty();
        }
        Octets parameters = value.octets(index + HEADER_LENGTH, value.uint16(index + 2));
        return Optional.of(new PasswordAlgorithm(value.uint16(index), parameters));
    }

    /** The length in bytes with padding. */
    int encodedLength() {
        return HEADER_LENGTH + (parameters.lengthBytes() + 3 & ~3);
    }

    @Override
    public AttributeType<PasswordAlgorithm> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        int length = parameters.lengthBytes();
        out.uint16(algorithm).uint16(length).octets(parameters).zeros(-length & 3);
    }
}
