package dev.culvert.relay.core;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.UnknownAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at the attributes of a request before anybody uses them. */
final class RequestCheck {
    /** As many as an answer has room for. */
    private static final int MOST_UNKNOWN = 254;

    private RequestCheck() {}

    /** UNKNOWN-ATTRIBUTES where something in {@code message} must be understood and is not; otherwise empty. */
    static Optional<Attribute> unknownAttributes(StunMessage message, boolean canForbidFragments) {
        List<Integer> unknown = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            int type = message.typeAt(at);
            if (isUnknown(type, canForbidFragments) && unknown.size() < MOST_UNKNOWN) {
                unknown.add(type);
            }
        }
        return unknown.isEmpty() ? Optional.empty() : Optional.of(new UnknownAttributes(unknown));
    }

    /** Which attributes {@code unknown}, an UNKNOWN-ATTRIBUTES, names. */
    static String words(Attribute unknown) {
        return ((UnknownAttributes) unknown)
                .types().stream().map("0x%04X"::formatted).collect(Collectors.joining(", ", "unknown attributes ", ""));
    }

    private static boolean isUnknown(int type, boolean canForbidFragments) {
        // RFC 8656 §7.2 (4), §11.2: DONT-FRAGMENT is unknown to a server that cannot set the DF bit.
        boolean isKnown = isKnown(type) && (canForbidFragments || type != DontFragment.TYPE.number());
        return AttributeType.isComprehensionRequired(type) && !isKnown;
    }

    /** Whether the attribute at {@code at} is understood, or may be ignored, and decodes if it counts. */
    static boolean isAcceptable(StunMessage message, int at, boolean canForbidFragments) {
        int type = message.typeAt(at);
        return !isUnknown(type, canForbidFragments) && (!counts(type) || decodes(message, at));
    }

    /** RFC 8489 §18.3 and RFC 8656 §18; neither ICE, nor RFC 5780, nor TURN over TCP to peers. */
    private static boolean isKnown(int type) {
        return switch (type) {
            case 0x0001, // MAPPED-ADDRESS
                    0x0006, // USERNAME
                    0x0008, // MESSAGE-INTEGRITY
                    0x0009, // ERROR-CODE
                    0x000A, // UNKNOWN-ATTRIBUTES
                    0x000C, // CHANNEL-NUMBER
                    0x000D, // LIFETIME
                    0x0012, // XOR-PEER-ADDRESS
                    0x0013, // DATA
                    0x0014, // REALM
                    0x0015, // NONCE
                    0x0016, // XOR-RELAYED-ADDRESS
                    0x0017, // REQUESTED-ADDRESS-FAMILY
                    0x0018, // EVEN-PORT
                    0x0019, // REQUESTED-TRANSPORT
                    0x001A, // DONT-FRAGMENT
                    0x001C, // MESSAGE-INTEGRITY-SHA256
                    0x001D, // PASSWORD-ALGORITHM
                    0x001E, // USERHASH
                    0x0020, // XOR-MAPPED-ADDRESS
                    0x0022 // RESERVATION-TOKEN
            -> true;
            default -> false;
        };
    }

    /** Whether an attribute that counts has a value that does not decode; one that may be ignored does not count. */
    static boolean isUndecodable(StunMessage message) {
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            if (counts(message.typeAt(at)) && !decodes(message, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean counts(int type) {
        // Any DATA decodes, and decoding would copy it.
        return isKnown(type) && type != Data.TYPE.number() || type == AdditionalAddressFamily.TYPE.number();
    }

    private static boolean decodes(StunMessage message, int at) {
        return Attributes.byNumber(message.typeAt(at))
                .filter(type -> type.decoder().apply(message.valueAt(at)).isEmpty())
                .isEmpty();
    }
}
