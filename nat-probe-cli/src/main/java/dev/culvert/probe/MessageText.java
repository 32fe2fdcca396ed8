package dev.culvert.probe;

import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.Attributes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** STUN messages as lines that people read. */
final class MessageText {
    private MessageText() {}

    /** The message in {@code bytes}, a line for its header and one for each attribute. */
    static String of(ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        Malformation malformation = message.wrap(bytes);
        if (malformation != Malformation.NONE) {
            return "  not a STUN message: " + malformation.meaning() + "\n";
        }
        return of(message);
    }

    static String of(StunMessage message) {
        StringBuilder text = new StringBuilder();
        text.append("  ").append(header(message)).append('\n');
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            text.append("    ").append(attribute(message, at)).append('\n');
        }
        return text.toString();
    }

    static String header(StunMessage message) {
        String classic = message.isClassic() ? ", RFC 3489" : "";
        return StunMethod.name(message.method()) + " " + className(message.messageClass()) + ", "
                + message.lengthBytes() + " bytes, transaction " + message.transactionId() + classic;
    }

    static String className(MessageClass messageClass) {
        return switch (messageClass) {
            case REQUEST -> "request";
            case INDICATION -> "indication";
            case SUCCESS_RESPONSE -> "success response";
            case ERROR_RESPONSE -> "error response";
        };
    }

    private static String attribute(StunMessage message, int at) {
        int number = message.typeAt(at);
        Optional<AttributeType<?>> type = Attributes.byNumber(number);
        String name = type.map(AttributeType::name).orElseGet(() -> "0x%04X".formatted(number));
        return name + ": " + value(type, message.valueAt(at));
    }

    /** The value of an attribute: its fields where it decodes, its bytes where it does not. */
    static String value(Optional<AttributeType<?>> type, AttributeValue value) {
        return type.<Object>flatMap(known -> known.decoder().apply(value).map(decoded -> (Object) decoded))
                .map(MessageText::fields)
                .orElseGet(() -> HexFormat.of().formatHex(value.bytes(0)));
    }

    private static String fields(Object value) {
        if (!(value instanceof Record)) {
            return plain(value);
        }
        RecordComponent[] components = value.getClass().getRecordComponents();
        List<String> fields = new ArrayList<>();
        for (RecordComponent component : components) {
            String text = plain(read(component, value));
            fields.add(components.length == 1 ? text : component.getName() + "=" + text);
        }
        return String.join(", ", fields);
    }

    private static Object read(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("attributes are public records: " + component, e);
        }
    }

    private static String plain(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }
}
