package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.attribute.AccessToken;
import dev.culvert.stun.attribute.Attributes;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.MobilityTicket;
import dev.culvert.stun.attribute.Password;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.Rfc;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StunMessageTest {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);
    private static final Octets SHA1 = Octets.of(new byte[20]);
    private static final Octets SHA256 = Octets.of(new byte[32]);

    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();
    private final ByteBuffer buffer = ByteBuffer.allocate(400);

    @Test
    @Rfc("8489#14.2")
    void bindingResponseRoundTrips() {
        TransportAddress v6 = TransportAddress.parse("[2001:db8::1]:40123").orElseThrow();
        writer.begin(buffer, MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING, ID)
                .add(new XorMappedAddress(v6))
                .add(new Software("abc"))
                .fingerprint();

        Malformation malformation = message.wrap(buffer.flip());

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(message.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING))
                .isTrue();
        assertThat(message.transactionId()).isEqualTo(ID);
        assertThat(message.hasTransactionId(ID)).isTrue();
        assertThat(message.get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(v6));
        assertThat(message.get(Software.TYPE)).contains(new Software("abc"));
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    void messageInTheMiddleOfADirectBufferIsReadInPlace() {
        ByteBuffer direct = ByteBuffer.allocateDirect(500).position(37);
        writer.begin(direct, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(new Lifetime(600))
                .fingerprint();
        int end = direct.position();
        direct.position(11);

        Malformation malformation = message.wrap(direct, 37, end - 37);

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(message.get(Lifetime.TYPE)).contains(new Lifetime(600));
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
        assertThat(direct.position()).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource({
        "REQUEST, 0x001, 0x0001",
        "SUCCESS_RESPONSE, 0x001, 0x0101",
        "ERROR_RESPONSE, 0x001, 0x0111",
        "INDICATION, 0x001, 0x0011",
        "REQUEST, 0xFFF, 0x3EEF",
        "ERROR_RESPONSE, 0xFFF, 0x3FFF",
        "INDICATION, 0x080, 0x0210",
        "SUCCESS_RESPONSE, 0x010, 0x0120"
    })
    @Rfc("8489#5 (2)")
    void classAndMethodShareTheMessageType(MessageClass messageClass, int method, int type) {
        writer.begin(buffer, messageClass, method, ID);

        message.wrap(buffer.flip());

        assertThat(buffer.getShort(0)).isEqualTo((short) type);
        assertThat(message.messageClass()).isEqualTo(messageClass);
        assertThat(message.method()).isEqualTo(method);
        assertThat(message.is(messageClass, method)).isTrue();
    }

    @Test
    @Rfc("8489#5 (2)")
    void everyMethodAndClassComesBack() {
        for (int method = 0; method <= 0xFFF; method++) {
            for (MessageClass messageClass : MessageClass.values()) {
                writer.begin(buffer.clear(), messageClass, method, ID);
                message.wrap(buffer.flip());
                assertThat(message.is(messageClass, method)).isTrue();
                assertThat(message.method()).isEqualTo(method);
                assertThat(message.messageClass()).isEqualTo(messageClass);
            }
        }
    }

    @Test
    @Rfc({"8489#5 (1)", "8489#5 (3)"})
    void malformedHeadersAreTold() {
        byte[] header = new byte[20];

        assertThat(wrap(new byte[0])).isEqualTo(Malformation.TOO_SHORT);
        assertThat(wrap(new byte[19])).isEqualTo(Malformation.TOO_SHORT);
        header[0] = 0x40;
        assertThat(wrap(header)).isEqualTo(Malformation.NOT_STUN);
        header[0] = (byte) 0x80;
        assertThat(wrap(header)).isEqualTo(Malformation.NOT_STUN);
        header[0] = 0;
        header[3] = 2;
        assertThat(wrap(header)).isEqualTo(Malformation.UNALIGNED_LENGTH);
        header[3] = 4;
        assertThat(wrap(header)).isEqualTo(Malformation.LENGTH_MISMATCH);
        header[3] = 0;
        assertThat(wrap(header)).isEqualTo(Malformation.NONE);
    }

    @Test
    void malformedMessageLeavesNothingOfTheOneBefore() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID).add(new Lifetime(600));
        message.wrap(buffer.flip());

        wrap(new byte[3]);

        assertThat(message.has(Lifetime.TYPE)).isFalse();
        assertThat(message.firstAttribute()).isEqualTo(StunMessage.ABSENT);
        assertThat(message.lengthBytes()).isEqualTo(StunMessage.HEADER_LENGTH);
    }

    @Test
    @Rfc("8489#14 (4)")
    void firstOccurrenceCountsAndAllAreListed() {
        TransportAddress first = TransportAddress.parse("192.0.2.1:1").orElseThrow();
        TransportAddress second = TransportAddress.parse("192.0.2.2:2").orElseThrow();
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.CREATE_PERMISSION, ID)
                .add(new XorPeerAddress(first))
                .add(new Lifetime(1))
                .add(new XorPeerAddress(second));

        message.wrap(buffer.flip());

        assertThat(message.get(XorPeerAddress.TYPE)).contains(new XorPeerAddress(first));
        assertThat(message.all(XorPeerAddress.TYPE))
                .containsExactly(new XorPeerAddress(first), new XorPeerAddress(second));
        assertThat(message.get(Realm.TYPE)).isEmpty();
    }

    @Test
    @Rfc("8489#9")
    void behindMessageIntegrityOnlySha256AndFingerprintAreVisible() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(new Username("before"))
                .add(new MessageIntegrity(SHA1))
                .add(new Lifetime(600))
                .add(new MessageIntegritySha256(SHA256))
                .add(new Realm("behind"))
                .fingerprint();

        message.wrap(buffer.flip());

        assertThat(visibleTypes()).containsExactly(0x0006, 0x0008, 0x001C, 0x8028);
        assertThat(message.has(Lifetime.TYPE)).isFalse();
        assertThat(message.has(Realm.TYPE)).isFalse();
        assertThat(message.all(Lifetime.TYPE)).isEmpty();
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc("8489#9")
    void behindSha256OnlyFingerprintIsVisible() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(new MessageIntegritySha256(SHA256))
                .add(new MessageIntegrity(SHA1))
                .add(new Lifetime(600))
                .fingerprint();

        message.wrap(buffer.flip());

        assertThat(visibleTypes()).containsExactly(0x001C, 0x8028);
        assertThat(message.has(MessageIntegrity.TYPE)).isFalse();
    }

    @Test
    void otherMethodsClassesAndIdsAreToldApart() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID);
        message.wrap(buffer.flip());

        assertThat(message.is(MessageClass.REQUEST, StunMethod.REFRESH)).isFalse();
        assertThat(message.is(MessageClass.INDICATION, StunMethod.ALLOCATE)).isFalse();
        assertThat(message.hasTransactionId(new TransactionId(ID.high(), ID.low() + 1)))
                .isFalse();
        assertThat(message.hasTransactionId(new TransactionId(ID.high() + 1, ID.low())))
                .isFalse();
    }

    @Test
    void readingPastAValueIsACallersMistake() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(new Lifetime(1))
                .add(new Lifetime(2));
        message.wrap(buffer.flip());
        AttributeValue value = message.valueAt(message.firstAttribute());

        assertThat(value.uint16(2)).isEqualTo(1);
        assertThatThrownBy(() -> value.uint16(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> value.uint8(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void secretsDoNotShowInText() {
        Octets secret = Octets.ofHex("c0ffee");

        assertThat(new Password(secret).toString() + new AccessToken(secret) + new MobilityTicket(secret))
                .doesNotContain("c0ffee");
    }

    @Test
    void firstUndecodableNamesTheAttribute() {
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(new Username("u"))
                .add(Lifetime.TYPE, ByteBuffer.allocate(3))
                .add(ChangeRequest.TYPE, ByteBuffer.allocate(5));

        message.wrap(buffer.flip());

        assertThat(Attributes.firstUndecodable(message)).contains(Lifetime.TYPE);
        assertThat(message.get(Lifetime.TYPE)).isEmpty();
    }

    @Test
    @Rfc({"3489#11.1", "8489#5 (4)", "8489#5 (5)"})
    void classicMessageIsReadAndAnsweredWithItsOwnId() {
        TransactionId classicId = new TransactionId(0x0102030405060708L, 0x1112131415161718L);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.BINDING, classicId)
                .add(new ChangeRequest(true, false));
        message.wrap(buffer.flip());
        ByteBuffer reply = ByteBuffer.allocate(100);
        TransportAddress mapped = TransportAddress.parse("192.0.2.7:7").orElseThrow();

        writer.beginReply(reply, MessageClass.SUCCESS_RESPONSE, message).add(new MappedAddress(mapped));
        StunMessage answer = new StunMessage();
        answer.wrap(reply.flip());

        assertThat(message.isClassic()).isTrue();
        assertThat(message.get(ChangeRequest.TYPE)).contains(new ChangeRequest(true, false));
        assertThat(answer.isClassic()).isTrue();
        assertThat(answer.transactionId()).isEqualTo(classicId);
        assertThat(classicId).hasToString("01020304050607081112131415161718");
        assertThat(answer.get(MappedAddress.TYPE)).contains(new MappedAddress(mapped));
    }

    /** RFC 3489 §11.2.10 fills UNKNOWN-ATTRIBUTES up by naming one twice; 11.2.9 allows error texts with spaces. */
    @Test
    @Rfc({"3489#11.2.9", "3489#11.2.10"})
    void classicErrorResponseIsRead() {
        byte[] bytes = HexFormat.of()
                .parseHex("0111" + "001c" + "00112233445566778899aabbccddeeff" + "0009" + "0010" + "00000414"
                        + "556e6b6e6f776e2020202020" + "000a" + "0004" + "0021" + "0021");

        Malformation malformation = wrap(bytes);

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(message.isClassic()).isTrue();
        assertThat(Attributes.firstUndecodable(message)).isEmpty();
    }

    @Test
    void littleEndianBuffersAreACallersMistake() {
        ByteBuffer little = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);

        assertThatThrownBy(() -> message.wrap(little)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.begin(little, MessageClass.REQUEST, StunMethod.BINDING, ID))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bufferThatIsTooSmallIsACallersMistake() {
        ByteBuffer small = ByteBuffer.allocate(30);

        assertThatThrownBy(() -> writer.begin(small, MessageClass.REQUEST, StunMethod.BINDING, ID)
                        .add(new Software("too long for this")))
                .isInstanceOf(BufferOverflowException.class);
    }

    private Malformation wrap(byte[] bytes) {
        return message.wrap(ByteBuffer.wrap(bytes));
    }

    private List<Integer> visibleTypes() {
        List<Integer> types = new ArrayList<>();
        for (int at = message.firstAttribute(); at != StunMessage.ABSENT; at = message.nextAttribute(at)) {
            types.add(message.typeAt(at));
        }
        return types;
    }
}
