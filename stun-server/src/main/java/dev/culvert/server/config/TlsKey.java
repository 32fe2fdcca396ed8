package dev.culvert.server.config;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a private key is that of a certificate. TLS libraries take any pair, and fail at each handshake if the two do
 * not belong together.
 */
public final class TlsKey {
    /** PKCS#8 has no word before PRIVATE KEY, PKCS#1 has RSA, SEC 1 has EC. */
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([^-]*)-----END", Pattern.DOTALL);

    private static final byte[] PROBE = {1, 2, 3, 4};
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private TlsKey() {}

    /** Whether the first private key in {@code pem} is the one of {@code certified}; false too where it cannot be read. */
    public static boolean fits(PublicKey certified, String pem) {
        try {
            Optional<PrivateKey> key = read(certified, pem);
            return key.isPresent() && belongs(certified, key.get());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<PrivateKey> read(PublicKey certified, String pem) throws GeneralSecurityException {
        Matcher matcher = PEM.matcher(pem);
        if (!matcher.find()) {
            return Optional.empty();
        }
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
        byte[] pkcs8 = matcher.group(1).isEmpty() ? der : pkcs8(certified.getEncoded(), der);
        return Optional.of(
                KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    }

    private static boolean belongs(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        if (certified instanceof RSAKey one && key instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        Signature signature = Signature.getInstance(certified instanceof ECKey ? "SHA256withECDSA" : "EdDSA");
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(PROBE);
        return signature.verify(signed);
    }

    /** RFC 5208 §5: the version, the algorithm as the certificate names it, and the key in its older form. */
    private static byte[] pkcs8(byte[] subjectPublicKeyInfo, byte[] key) {
        int inner = headerLength(subjectPublicKeyInfo, 0);
        int end = inner + headerLength(subjectPublicKeyInfo, inner) + contentLength(subjectPublicKeyInfo, inner);
        byte[] algorithm = Arrays.copyOfRange(subjectPublicKeyInfo, inner, end);
        return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
    }

    private static int headerLength(byte[] der, int at) {
        int length = der[at + 1] & 0xFF;
        return length < 0x80 ? 2 : 2 + (length & 0x7F);
    }

    private static int contentLength(byte[] der, int at) {
        int length = der[at + 1] & 0xFF;
        if (length < 0x80) {
            return length;
        }
        int content = 0;
        for (int i = 0; i < (length & 0x7F); i++) {
            content = content << 8 | (der[at + 2 + i] & 0xFF);
        }
        return content;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        writeLength(whole, content.size());
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    /** DER: one byte below 128, else the number of bytes that follow and then those, as few as will do. */
    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
    }
}
