package dev.culvert.stun.attribute;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The algorithms by which a server can make the key from a long-term password, the preferred first (RFC 8489 §14.11).
 *
 * @param algorithms in the order of the message
 */
public record PasswordAlgorithms(List<PasswordAlgorithm> algorithms) implements Attribute {
    public static final AttributeType<PasswordAlgorithms> TYPE =
            new AttributeType<>(0x8002, "PASSWORD-ALGORITHMS", PasswordAlgorithms::decode);

    public PasswordAlgorithms {
        algorithms = List.copyOf(algorithms);
    }

    /** The list of {@code algorithms}. */
    public static PasswordAlgorithms of(PasswordAlgorithm... algorithms) {
        return new PasswordAlgorithms(List.of(algorithms));
    }

    private static Optional<PasswordAlgorithms> decode(AttributeValue value) {
        List<PasswordAlgorithm> algorithms = new ArrayList<>();
        int at = 0;
        while (at < value.lengthBytes()) {
            Optional<PasswordAlgorithm> algorithm = PasswordAlgorithm.decodeAt(value, at);
            if (algorithm.isEmpty()) {
                return Optional.empty();
            }
            algorithms.add(algorithm.get());
            at += algorithm.get().encodedLength();
        }
        return Optional.of(new PasswordAlgorithms(algorithms));
    }

    @Override
    public AttributeType<PasswordAlgorithms> type() {
        return TYPE;
    }

    @Override
    public void encode(ValueWriter out) {
        algorithms.forEach(algorithm -> algorithm.encode(out));
    }
}
