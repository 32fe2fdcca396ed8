package dev.culvert.stun.fuzz;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Any bytes as a STUN message: nothing throws, and what is decoded is the same when written and read again. */
public final class StunMessageFuzz {
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("never used to sign");
    private static final StunMessage MESSAGE = new StunMessage();
    private static final StunMessage AGAIN = new StunMessage();
    private static final IntegrityMac MAC = new IntegrityMac();
    private static final StunWriter WRITER = new StunWriter();

    private StunMessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        Malformation malformation = MESSAGE.wrap(bytes);
        if (!MESSAGE.hasTransactionId(MESSAGE.transactionId())
                || MESSAGE.transactionId().toString().isEmpty()
                || StunMethod.name(MESSAGE.method()).isEmpty()) {
            throw new AssertionError("the header contradicts itself");
        }
        if (MAC.verify(MESSAGE, KEY) == IntegrityCheck.VALID
                || MAC.verifySha256(MESSAGE, KEY) == IntegrityCheck.VALID) {
            throw new AssertionError("forged");
        }
        MESSAGE.checkFingerprint();
        boolean anyUndecodable = false;
        for (int at = MESSAGE.firstAttribute(); at != StunMessage.ABSENT; at = MESSAGE.nextAttribute(at)) {
            Optional<AttributeType<?>> type = Attributes.byNumber(MESSAGE.typeAt(at));
            anyUndecodable |= type.isPresent() && !decodesAndComesBack(type.get(), at);
        }
        if (Attributes.firstUndecodable(MESSAGE).isPresent() != anyUndecodable) {
            throw new AssertionError("firstUndecodable disagrees");
        }
        if (malformation != Malformation.NONE && MESSAGE.firstAttribute() != StunMessage.ABSENT) {
            throw new AssertionError("a malformed message shows attributes");
        }
        if (bytes.position() != 0 || bytes.limit() != data.length) {
            throw new AssertionError("an index moved");
        }
    }

    private static boolean decodesAndComesBack(AttributeType<?> type, int at) {
        Optional<?> decoded = type.decoder().apply(MESSAGE.valueAt(at));
        if (decoded.isEmpty()) {
            return false;
        }
        Attribute attribute = (Attribute) decoded.get();
        ByteBuffer written = ByteBuffer.allocate(0x11000);
        WRITER.begin(written, MESSAGE.messageClass(), MESSAGE.method(), MESSAGE.transactionId())
                .add(attribute);
        Malformation malformation = AGAIN.wrap(written.flip());
        Optional<?> again = AGAIN.get(type);
        if (malformation != Malformation.NONE || !again.equals(decoded)) {
            throw new AssertionError(attribute + " came back as " + again + ", " + malformation);
        }
        return true;
    }
}
