package dev.culvert.probe;

import dev.culvert.ice.ForeignText;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.AttributeValue;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.UnknownAttributes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** STUN messages as lines that people read. */
final class MessageText {
    /**
     * One attribute of a message.
     *
     * @param number its type
     * @param name its name, or its number in hexadecimal
     * @param value its fields, or its bytes in hexadecimal
     */
    record Field(int number, String name, String value) {}

    private MessageText() {}

    /** The message in {@code bytes}, a line for its header and one for each attribute. */
    static String of(ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        Malformation malformation = message.wrap(bytes);
        if (malformation != Malformation.NONE) {
            return "  not a STUN message: " + malformation.meaning() + "\n";
        }
        StringBuilder text = new StringBuilder();
        text.append("  ").append(header(message)).append('\n');
        fields(message).forEach(field -> text.append("    ").append(line(field)).append('\n'));
        return text.toString();
    }

    static String line(Field field) {
        return field.name() + ": " + field.value();
    }

    static String header(StunMessage message) {
        String classic = message.isClassic() ? ", RFC 3489" : "";
        return StunMethod.name(message.method()) + " " + className(message.messageClass()) + ", "
                + message.lengthBytes() + " bytes, transaction " + message.transactionId() + classic;
    }

    static String header(ChannelData data) {
        return "ChannelData, channel 0x%04X, %d bytes".formatted(data.number(), data.lengthBytes());
    }

    static String className(MessageClass messageClass) {
        return switch (messageClass) {
            case REQUEST -> "request";
            case INDICATION -> "indication";
            case SUCCESS_RESPONSE -> "success response";
            case ERROR_RESPONSE -> "error response";
        };
    }

    /** The attributes in their order. */
    static List<Field> fields(StunMessage message) {
        List<Field> fields = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            int number = message.typeAt(at);
            String value = value(Attributes.byNumber(number), message.valueAt(at));
            fields.add(new Field(number, attributeName(number), value));
        }
        return fields;
    }

    private static String value(Optional<AttributeType<?>> type, AttributeValue value) {
        String hex = HexFormat.of().formatHex(value.bytes(0));
        if (type.isEmpty()) {
            return hex;
        }
        return type.get().decoder().apply(value).map(MessageText::describe).orElse("does not decode: " + hex);
    }

    /** Numbers that people know in hexadecimal or by name; all others by their record's components. */
    private static String describe(Object attribute) {
        if (attribute instanceof Fingerprint fingerprint) {
            return "0x%08x".formatted(fingerprint.crc());
        }
        if (attribute instanceof ChannelNumber channel) {
            return "0x%04X".formatted(channel.number());
        }
        if (attribute instanceof RequestedTransport transport) {
            return transport.protocol() + (transport.protocol() == RequestedTransport.UDP ? " (UDP)" : "");
        }
        if (attribute instanceof UnknownAttributes unknown) {
            return unknown.types().stream().map(MessageText::attributeName).collect(Collectors.joining(", "));
        }
        return components(attribute);
    }

    private static String attributeName(int number) {
        return Attributes.byNumber(number).map(AttributeType::name).orElseGet(() -> "0x%04X".formatted(number));
    }

    /** The components of an attribute's record, named where there are several. */
    private static String components(Object attribute) {
        RecordComponent[] components = attribute.getClass().getRecordComponents();
        if (components == null) {
            return printable(attribute.toString());
        }
        List<String> texts = new ArrayList<>();
        for (RecordComponent component : components) {
            Object value = read(component, attribute);
            if (!(value instanceof AttributeType)) {
                texts.add(components.length == 1 ? text(value) : component.getName() + "=" + text(value));
            }
        }
        return String.join(", ", texts);
    }

    private static Object read(RecordComponent component, Object attribute) {
        try {
            return component.getAccessor().invoke(attribute);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("attributes are public records: " + component, e);
        }
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return String.join(" ", list.stream().map(MessageText::text).toList());
        }
        if (value instanceof Record && value instanceof Attribute) {
            return "[" + components(value) + "]";
        }
        return printable(String.valueOf(value));
    }

    /** A stranger's text without what a terminal would obey. */
    private static String printable(String text) {
        return text.codePoints()
                .mapToObj(c -> ForeignText.isPrintable(c) ? Character.toString(c) : "\\u%04x".formatted(c))
                .collect(Collectors.joining());
    }
}
