package dev.culvert.server.io;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.AccessToken;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.MobilityTicket;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.Password;
import dev.culvert.stun.attribute.ReservationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A STUN message in words for a line of the log, without what would let a reader act for its sender. */
final class MessageLine {
    /** Secrets, what is calculated with them, what counts as a ticket, and application data. */
    private static final Set<Integer> HIDDEN = Set.of(
            Password.TYPE.number(),
            MessageIntegrity.TYPE.number(),
            MessageIntegritySha256.TYPE.number(),
            Nonce.TYPE.number(),
            AccessToken.TYPE.number(),
            ReservationToken.TYPE.number(),
            MobilityTicket.TYPE.number(),
            Data.TYPE.number(),
            Padding.TYPE.number());

    private MessageLine() {}

    /** For example {@code Allocate request}. */
    static String name(StunMessage message) {
        return StunMethod.name(message.method()) + " " + className(message.messageClass());
    }

    private static String className(MessageClass messageClass) {
        return switch (messageClass) {
            case REQUEST -> "request";
            case INDICATION -> "indication";
            case SUCCESS_RESPONSE -> "success response";
            case ERROR_RESPONSE -> "error response";
        };
    }

    /** The attributes in their order, for example {@code REQUESTED-TRANSPORT protocol=17, NONCE (40 bytes)}. */
    static String attributes(StunMessage message) {
        List<String> all = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            all.add(attribute(message.typeAt(at), message.valueAt(at)));
        }
        return String.join(", ", all);
    }

    private static String attribute(int number, AttributeValue value) {
        Optional<AttributeType<?>> type = Attributes.byNumber(number);
        String name = type.map(AttributeType::name).orElseGet(() -> "0x%04X".formatted(number));
        Optional<String> fields = HIDDEN.contains(number)
                ? Optional.empty()
                : type.flatMap(known -> known.decoder().apply(value))
                        .filter(attribute -> !(attribute instanceof OpaqueAttribute))
                        .map(MessageLine::fields);
        return name + " " + fields.orElseGet(() -> "(" + value.lengthBytes() + " bytes)");
    }

    /** What stands between the brackets of a record's text. */
    private static String fields(Object attribute) {
        String text = attribute.toString();
        int begin = text.indexOf('[');
        return begin < 0 || !text.endsWith("]") ? text : text.substring(begin + 1, text.length() - 1);
    }
}
