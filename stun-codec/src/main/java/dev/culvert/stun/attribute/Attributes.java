package dev.culvert.stun.attribute;

import dev.culvert.stun.AttributeType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The list of all attributes that this library knows. */
public final class Attributes {
    private static final List<AttributeType<?>> ALL = List.of(
            MappedAddress.TYPE,
            ChangeRequest.TYPE,
            SourceAddress.TYPE,
            ChangedAddress.TYPE,
            ErrorCode.TYPE,
            UnknownAttributes.TYPE,
            XorMappedAddress.TYPE,
            Padding.TYPE,
            ResponsePort.TYPE,
            Software.TYPE,
            ResponseOrigin.TYPE,
            OtherAddress.TYPE,
            ReceiptRequest.TYPE,
            ReceiptOrigin.TYPE);

    private static final Map<Integer, AttributeType<?>> BY_NUMBER =
            ALL.stream().collect(Collectors.toUnmodifiableMap(AttributeType::number, Function.identity()));

    private Attributes() {}

    /** Every known attribute, in the order of their numbers. */
    public static List<AttributeType<?>> all() {
        return ALL;
    }

    /** The attribute with this number; empty where it is not known. */
    public static Optional<AttributeType<?>> byNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }
}
