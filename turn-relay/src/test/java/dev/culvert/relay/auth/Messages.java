package dev.culvert.relay.auth;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Allocate requests of any attributes, the wrong ones too. */
final class Messages {
    private static long transactions;

    private Messages() {}

    static StunMessage bare(List<Attribute> attributes) {
        return view(written(attributes));
    }

    static StunMessage signed(IntegrityKey key, boolean sha256, List<Attribute> attributes) {
        StunWriter writer = written(attributes);
        if (sha256) {
            new IntegrityMac().signSha256(writer, key);
        } else {
            new IntegrityMac().sign(writer, key);
        }
        return view(writer);
    }

    static StunWriter written(List<Attribute> attributes) {
        StunWriter writer = new StunWriter()
                .begin(
                        ByteBuffer.allocate(4096),
                        MessageClass.REQUEST,
                        StunMethod.ALLOCATE,
                        new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, ++transactions));
        attributes.forEach(writer::add);
        return writer;
    }

    static StunMessage view(StunWriter writer) {
        StunMessage message = new StunMessage();
        message.wrap(writer.buffer().flip());
        return message;
    }

    static StunMessage signedTwice(List<Attribute> attributes, IntegrityKey sha1, IntegrityKey sha256) {
        StunWriter writer = written(attributes);
        new IntegrityMac().sign(writer, sha1);
        new IntegrityMac().signSha256(writer, sha256);
        return view(writer);
    }

    static List<AttributeType<?>> attributeTypes(StunMessage message) {
        List<AttributeType<?>> types = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            types.add(Attributes.byNumber(message.typeAt(at)).orElseThrow());
        }
        return types;
    }

    static Attribute raw(AttributeType<?> type, Octets value) {
        return new OpaqueAttribute(OpaqueAttribute.type(type.number(), type.name()), value);
    }
}
