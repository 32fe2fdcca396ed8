package dev.culvert.stun.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Software;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityMacTest {
    private static final TransactionId ID = new TransactionId(0x2112A44201020304L, 0x05060708090A0B0CL);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("secret");
    private static final IntegrityKey OTHER_KEY = IntegrityKey.shortTerm("Secret");

    private final IntegrityMac mac = new IntegrityMac();
    private final StunWriter writer = new StunWriter();
    private final StunMessage message = new StunMessage();

    /** The JDK's own HMAC says the same, for keys shorter, as long as and longer than a block. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 3", "16, 100", "32, 487", "63, 488", "64, 492", "65, 493", "200, 1500"})
    @Rfc({"8489#14.5 (1)", "8489#14.6 (1)"})
    void macIsThatOfTheJdk(int keyLength, int contentLength) throws GeneralSecurityException {
        byte[] key = new byte[keyLength];
        Arrays.fill(key, (byte) 0xA5);
        ByteBuffer buffer = ByteBuffer.allocate(2000);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(Software.TYPE, ByteBuffer.allocate(contentLength));
        mac.sign(writer, IntegrityKey.of(key));
        mac.signSha256(writer, IntegrityKey.of(key));
        writer.fingerprint();

        message.wrap(buffer.flip());

        byte[] sha1 = message.get(MessageIntegrity.TYPE).orElseThrow().mac().toBytes();
        byte[] sha256 =
                message.get(MessageIntegritySha256.TYPE).orElseThrow().mac().toBytes();
        assertThat(sha1).isEqualTo(jdkMac("HmacSHA1", key, MessageIntegrity.TYPE.number(), 24));
        assertThat(sha256).isEqualTo(jdkMac("HmacSHA256", key, MessageIntegritySha256.TYPE.number(), 36));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Rfc({"8489#14.5 (1)", "8489#14.6 (1)"})
    void bothAttributesHoldWithFingerprintBehindThem(boolean direct) {
        ByteBuffer buffer = (direct ? ByteBuffer.allocateDirect(300) : ByteBuffer.allocate(300)).position(13);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID).add(new Software("x"));
        mac.sign(writer, KEY);
        mac.signSha256(writer, KEY);
        writer.fingerprint();

        Malformation malformation = message.wrap(buffer.flip().position(13));

        assertThat(malformation).isEqualTo(Malformation.NONE);
        assertThat(mac.verify(message, KEY)).isEqualTo(IntegrityCheck.VALID);
        assertThat(mac.verifySha256(message, KEY)).isEqualTo(IntegrityCheck.VALID);
        assertThat(mac.verify(message, OTHER_KEY)).isEqualTo(IntegrityCheck.INVALID);
        assertThat(mac.verifySha256(message, OTHER_KEY)).isEqualTo(IntegrityCheck.INVALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 28, 32})
    @Rfc("8489#14.6 (2)")
    void truncatedSha256HoldsOnlyWhereTheUsageAllowsIt(int length) {
        ByteBuffer buffer = ByteBuffer.allocate(300);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID);
        mac.signSha256(writer, KEY, length);

        message.wrap(buffer.flip());

        assertThat(message.lengthBytes()).isEqualTo(24 + length);
        assertThat(mac.verifySha256(message, KEY, length)).isEqualTo(IntegrityCheck.VALID);
        assertThat(mac.verifySha256(message, KEY, 16)).isEqualTo(IntegrityCheck.VALID);
        assertThat(mac.verifySha256(message, KEY))
                .isEqualTo(length == 32 ? IntegrityCheck.VALID : IntegrityCheck.INVALID);
        assertThat(mac.verifySha256(message, OTHER_KEY, 16)).isEqualTo(IntegrityCheck.INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 15, 17, 36})
    @Rfc("8489#14.6 (2)")
    void sha256OfAnotherLengthIsRefused(int length) {
        ByteBuffer buffer = ByteBuffer.allocate(300);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(MessageIntegritySha256.TYPE, ByteBuffer.allocate(length));

        message.wrap(buffer.flip());

        assertThat(mac.verifySha256(message, KEY, 0)).isEqualTo(IntegrityCheck.INVALID);
        assertThatThrownBy(() -> mac.signSha256(writer, KEY, length)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 19, 21, 24, 32})
    @Rfc("8489#14.5 (2)")
    void messageIntegrityOfAnotherLengthIsRefused(int length) {
        ByteBuffer buffer = ByteBuffer.allocate(300);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID)
                .add(MessageIntegrity.TYPE, ByteBuffer.allocate(length));

        message.wrap(buffer.flip());

        assertThat(mac.verify(message, KEY)).isEqualTo(IntegrityCheck.INVALID);
    }

    @Test
    void messageWithoutIntegrityIsToldApart() {
        ByteBuffer buffer = ByteBuffer.allocate(300);
        writer.begin(buffer, MessageClass.REQUEST, StunMethod.ALLOCATE, ID);

        message.wrap(buffer.flip());

        assertThat(mac.verify(message, KEY)).isEqualTo(IntegrityCheck.ABSENT);
        assertThat(mac.verifySha256(message, KEY)).isEqualTo(IntegrityCheck.ABSENT);
    }

    @Test
    @Rfc("8489#9.2.2")
    void longTermKeyIsThatOfTheRfc() {
        byte[] fromRfc = HexFormat.of().parseHex("8493fbc53ba582fb4c044c456bdc40eb");

        assertThat(IntegrityKey.longTerm("user", "realm", "pass")).isEqualTo(IntegrityKey.of(fromRfc));
        assertThat(IntegrityKey.longTerm("\"user\"", "\"realm\"\0", "pass")).isEqualTo(IntegrityKey.of(fromRfc));
        assertThat(IntegrityKey.longTerm("user", "realm", "Pass")).isNotEqualTo(IntegrityKey.of(fromRfc));
    }

    @Test
    @Rfc("8489#18.5.1")
    void sha256KeyIsTheHashOfTheThree() throws GeneralSecurityException {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest("user:realm:pass".getBytes(StandardCharsets.US_ASCII));

        assertThat(IntegrityKey.longTerm(PasswordAlgorithm.SHA_256, "user", "realm", "pass"))
                .isEqualTo(IntegrityKey.of(hash));
    }

    @Test
    @Rfc("8489#9.1.1")
    void shortTermKeyIsThePasswordPrepared() {
        byte[] password = "a b".getBytes(StandardCharsets.US_ASCII);

        assertThat(IntegrityKey.shortTerm("a\u00A0b")).isEqualTo(IntegrityKey.of(password));
    }

    @Test
    void keysShowNothing() {
        assertThat(KEY).hasToString("IntegrityKey");
    }

    private byte[] jdkMac(String algorithm, byte[] key, int type, int attributeLength) throws GeneralSecurityException {
        int at = message.find(type);
        byte[] covered = new byte[at];
        message.buffer().get(0, covered);
        ByteBuffer.wrap(covered).putShort(2, (short) (at + attributeLength - StunMessage.HEADER_LENGTH));
        Mac jdk = Mac.getInstance(algorithm);
        // The JDK refuses an empty key; HMAC fills keys up with zeros anyway.
        jdk.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
        return jdk.doFinal(covered);
    }
}
