package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recomputes every check value, so that a slip in copying a vector shows. */
class VectorsTest {
    private static final int HEADER_BYTES = 20;
    private static final int FINGERPRINT_BYTES = 8;
    private static final int FINGERPRINT_XOR = 0x5354554E;

    static Stream<byte[]> fingerprinted() {
        return Stream.of(Vectors.request(), Vectors.ipv4Response(), Vectors.ipv6Response());
    }

    @Rfc("5769#2")
    @ParameterizedTest
    @MethodSource("fingerprinted")
    void fingerprintAndShortTermIntegrityAreRight(byte[] message) throws GeneralSecurityException {
        int beforeFingerprint = message.length - FINGERPRINT_BYTES;
        CRC32 crc = new CRC32();
        crc.update(message, 0, beforeFingerprint);
        byte[] key = Vectors.SHORT_TERM_PASSWORD.getBytes(StandardCharsets.UTF_8);

        byte[] withoutFingerprint = announcing(message, beforeFingerprint);

        assertThat(ByteBuffer.wrap(message).getInt(message.length - 4))
                .isEqualTo((int) crc.getValue() ^ FINGERPRINT_XOR);
        assertThat(endsWithMac(withoutFingerprint, "HmacSHA1", key)).isTrue();
        assertThat(announcedBytes(message)).isEqualTo(message.length - HEADER_BYTES);
    }

    @Rfc("5769#2.4")
    @Test
    void longTermIntegrityIsRight() throws GeneralSecurityException {
        byte[] message = Vectors.longTermRequest();

        assertThat(endsWithMac(message, "HmacSHA1", longTermKey("MD5"))).isTrue();
        assertThat(announcedBytes(message)).isEqualTo(message.length - HEADER_BYTES);
        assertThat(new String(message, StandardCharsets.UTF_8))
                .contains(Vectors.LONG_TERM_USERNAME, Vectors.LONG_TERM_NONCE, Vectors.LONG_TERM_REALM);
    }

    @Rfc("8489#B.1")
    @Test
    void correctedSha256RequestIsRight() throws GeneralSecurityException {
        byte[] message = Vectors.sha256Request();
        byte[] userhash = digest("SHA-256", Vectors.LONG_TERM_USERNAME + ":" + Vectors.LONG_TERM_REALM);

        assertThat(endsWithMac(message, "HmacSHA256", longTermKey("SHA-256"))).isTrue();
        assertThat(announcedBytes(message)).isEqualTo(message.length - HEADER_BYTES);
        assertThat(Arrays.copyOfRange(message, 24, 56)).isEqualTo(userhash);
        assertThat(new String(message, StandardCharsets.UTF_8)).contains(Vectors.SHA256_NONCE);
    }

    @Rfc("8489#B.1")
    @Test
    void printedSha256RequestAnnouncesMoreThanItHas() {
        byte[] message = Vectors.sha256RequestAsPrinted();

        assertThat(message).hasSize(156);
        assertThat(announcedBytes(message)).isEqualTo(156);
    }

    @Test
    void everyCallReturnsItsOwnCopy() {
        Vectors.request()[0] = 99;

        assertThat(Vectors.request()[0]).isZero();
    }

    private static boolean endsWithMac(byte[] message, String algorithm, byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        int valueOffset = message.length - mac.getMacLength();
        mac.update(message, 0, valueOffset - 4);
        return MessageDigest.isEqual(mac.doFinal(), Arrays.copyOfRange(message, valueOffset, message.length));
    }

    private static byte[] longTermKey(String algorithm) throws GeneralSecurityException {
        return digest(
                algorithm,
                String.join(
                        ":", Vectors.LONG_TERM_USERNAME, Vectors.LONG_TERM_REALM, Vectors.LONG_TERM_PASSWORD_PREPARED));
    }

    private static byte[] digest(String algorithm, String text) throws GeneralSecurityException {
        return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first bytes of a message, its header telling of no more than these. */
    private static byte[] announcing(byte[] message, int lengthBytes) {
        byte[] shortened = Arrays.copyOf(message, lengthBytes);
        ByteBuffer.wrap(shortened).putShort(2, (short) (lengthBytes - HEADER_BYTES));
        return shortened;
    }

    private static int announcedBytes(byte[] message) {
        return ByteBuffer.wrap(message).getShort(2);
    }
}
