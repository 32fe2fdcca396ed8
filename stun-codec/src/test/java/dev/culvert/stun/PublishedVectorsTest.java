package dev.culvert.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.integrity.IntegrityCheck;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.stun.integrity.SecurityFeatures;
import dev.culvert.stun.integrity.Userhashes;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The messages that the RFCs print, read, checked and written again. */
class PublishedVectorsTest {
    private static final IntegrityKey SHORT_TERM = IntegrityKey.shortTerm(Vectors.SHORT_TERM_PASSWORD);

    private final StunMessage message = new StunMessage();
    private final StunWriter writer = new StunWriter();
    private final IntegrityMac mac = new IntegrityMac();
    private final ByteBuffer written = ByteBuffer.allocate(512);

    @Test
    @Rfc({"5769#2.1", "8489#14.5 (1)", "8489#14.7 (1)"})
    void sampleRequestIsReadAndItsIntegrityHolds() {
        wrap(Vectors.request());

        assertThat(message.is(MessageClass.REQUEST, StunMethod.BINDING)).isTrue();
        assertThat(message.transactionId()).hasToString("b7e7a701bc34d686fa87dfae");
        assertThat(message.get(Software.TYPE)).contains(new Software("STUN test client"));
        assertThat(message.get(Priority.TYPE)).contains(new Priority(0x6e0001ffL));
        assertThat(message.get(IceControlled.TYPE)).contains(new IceControlled(0x932ff9b151263b36L));
        assertThat(message.get(Username.TYPE)).contains(new Username(Vectors.SHORT_TERM_USERNAME));
        assertThat(mac.verify(message, SHORT_TERM)).isEqualTo(IntegrityCheck.VALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc({"5769#2.2", "8489#14.2"})
    void sampleIpv4ResponseIsReadAndItsIntegrityHolds() {
        wrap(Vectors.ipv4Response());

        assertThat(message.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING))
                .isTrue();
        assertThat(message.get(Software.TYPE)).contains(new Software("test vector"));
        assertThat(message.get(XorMappedAddress.TYPE)).contains(xorMapped("192.0.2.1:32853"));
        assertThat(mac.verify(message, SHORT_TERM)).isEqualTo(IntegrityCheck.VALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc({"5769#2.3", "8489#14.2"})
    void sampleIpv6ResponseIsReadAndItsIntegrityHolds() {
        wrap(Vectors.ipv6Response());

        assertThat(message.get(XorMappedAddress.TYPE))
                .contains(xorMapped("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
        assertThat(mac.verify(message, SHORT_TERM)).isEqualTo(IntegrityCheck.VALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc({"5769#2.4", "8489#9.2.2"})
    void sampleLongTermRequestIsReadAndItsIntegrityHolds() {
        IntegrityKey key = IntegrityKey.longTerm(
                Vectors.LONG_TERM_USERNAME, Vectors.LONG_TERM_REALM, Vectors.LONG_TERM_PASSWORD_PREPARED);

        wrap(Vectors.longTermRequest());

        assertThat(message.get(Username.TYPE)).contains(new Username(Vectors.LONG_TERM_USERNAME));
        assertThat(message.get(Nonce.TYPE)).contains(new Nonce(Vectors.LONG_TERM_NONCE));
        assertThat(message.get(Realm.TYPE)).contains(new Realm(Vectors.LONG_TERM_REALM));
        assertThat(mac.verify(message, key)).isEqualTo(IntegrityCheck.VALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.ABSENT);
    }

    @Test
    @Rfc("5769#2.4")
    void longTermRequestIsWrittenByteForByte() {
        IntegrityKey key = IntegrityKey.longTerm(
                Vectors.LONG_TERM_USERNAME, Vectors.LONG_TERM_REALM, Vectors.LONG_TERM_PASSWORD_PREPARED);
        wrap(Vectors.longTermRequest());

        writer.begin(written, MessageClass.REQUEST, StunMethod.BINDING, message.transactionId())
                .add(new Username(Vectors.LONG_TERM_USERNAME))
                .add(new Nonce(Vectors.LONG_TERM_NONCE))
                .add(new Realm(Vectors.LONG_TERM_REALM));
        mac.sign(writer, key);

        assertThat(writtenBytes()).isEqualTo(Vectors.longTermRequest());
    }

    /** The vectors with short-term credentials are padded with spaces, which nobody may write; all else is the same. */
    @Test
    @Rfc({"5769#2.1", "8489#14 (2)"})
    void writtenRequestDiffersFromTheSampleInPaddingMacAndFingerprintOnly() {
        wrap(Vectors.request());

        writer.begin(written, MessageClass.REQUEST, StunMethod.BINDING, message.transactionId())
                .add(new Software("STUN test client"))
                .add(new Priority(0x6e0001ffL))
                .add(new IceControlled(0x932ff9b151263b36L))
                .add(new Username(Vectors.SHORT_TERM_USERNAME));
        int usernamePadding = writer.lengthBytes() - 3;
        mac.sign(writer, SHORT_TERM);
        writer.fingerprint();
        byte[] expected = Vectors.request();
        byte[] actual = writtenBytes();

        assertThat(actual).hasSameSizeAs(expected);
        assertThat(Arrays.copyOf(actual, usernamePadding)).isEqualTo(Arrays.copyOf(expected, usernamePadding));
        assertThat(Arrays.copyOfRange(actual, usernamePadding, usernamePadding + 3))
                .containsOnly(0);
        wrap(actual);
        assertThat(mac.verify(message, SHORT_TERM)).isEqualTo(IntegrityCheck.VALID);
        assertThat(message.checkFingerprint()).isEqualTo(StunMessage.FingerprintCheck.VALID);
    }

    @Test
    @Rfc({"8489#B.1", "8489#14.6 (1)", "8489#14.4", "8489#18.5.1"})
    void correctedSha256RequestIsReadAndItsIntegrityHolds() {
        IntegrityKey key = IntegrityKey.longTerm(
                PasswordAlgorithm.SHA_256,
                Vectors.LONG_TERM_USERNAME,
                Vectors.LONG_TERM_REALM,
                Vectors.LONG_TERM_PASSWORD_PREPARED);

        wrap(Vectors.sha256Request());

        assertThat(message.get(Userhash.TYPE))
                .contains(Userhashes.of(Vectors.LONG_TERM_USERNAME, Vectors.LONG_TERM_REALM));
        assertThat(message.get(PasswordAlgorithm.TYPE)).contains(PasswordAlgorithm.SHA_256);
        assertThat(message.get(Nonce.TYPE)).contains(new Nonce(Vectors.SHA256_NONCE));
        assertThat(SecurityFeatures.ofNonce(Vectors.SHA256_NONCE)).isEqualTo(new SecurityFeatures(false, true));
        assertThat(mac.verifySha256(message, key)).isEqualTo(IntegrityCheck.VALID);
        assertThat(mac.verify(message, key)).isEqualTo(IntegrityCheck.ABSENT);
    }

    @Test
    @Rfc({"8489#B.1", "8489#5 (3)"})
    void sha256RequestAsPrintedIsRefused() {
        ByteBuffer printed = ByteBuffer.wrap(Vectors.sha256RequestAsPrinted());

        Malformation malformation = message.wrap(printed);

        assertThat(malformation).isEqualTo(Malformation.LENGTH_MISMATCH);
    }

    /** With the header's length put right, the printed MAC is that of no key the text names. */
    @Test
    @Rfc("8489#B.1")
    void sha256RequestAsPrintedHasTheWrongMacToo() {
        byte[] bytes = Vectors.sha256RequestAsPrinted();
        bytes[3] = (byte) (bytes.length - StunMessage.HEADER_LENGTH);
        IntegrityKey key = IntegrityKey.longTerm(
                PasswordAlgorithm.SHA_256,
                Vectors.LONG_TERM_USERNAME,
                Vectors.LONG_TERM_REALM,
                Vectors.LONG_TERM_PASSWORD_PREPARED);

        wrap(bytes);

        assertThat(mac.verifySha256(message, key)).isEqualTo(IntegrityCheck.INVALID);
    }

    @Test
    @Rfc("8489#14.5 (1)")
    void everyChangedBitUpToTheMacIsNoticed() {
        byte[] vector = Vectors.ipv4Response();
        wrap(vector);
        int macEnd = message.find(0x0008) + 24;

        for (int bit = 0; bit < macEnd * 8; bit++) {
            byte[] changed = vector.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            boolean isWellFormed = message.wrap(ByteBuffer.wrap(changed)) == Malformation.NONE;

            // The header's length is not covered, as the MAC assumes its own; a wrong one is malformed.
            assertThat(isWellFormed && mac.verify(message, SHORT_TERM) == IntegrityCheck.VALID)
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    private void wrap(byte[] bytes) {
        assertThat(message.wrap(ByteBuffer.wrap(bytes))).isEqualTo(Malformation.NONE);
    }

    private byte[] writtenBytes() {
        byte[] bytes = new byte[written.position()];
        written.get(0, bytes);
        return bytes;
    }

    private static XorMappedAddress xorMapped(String address) {
        return new XorMappedAddress(TransportAddress.parse(address).orElseThrow());
    }
}
