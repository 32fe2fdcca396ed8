package dev.culvert.stun.integrity;

import dev.culvert.stun.attribute.PasswordAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The key of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256, ready for use by any thread; {@code toString} shows nothing
 * of it.
 */
public final class IntegrityKey {
    /** The block length of SHA-1 and of SHA-256, to which HMAC fills its key up (RFC 2104 §2). */
    private static final int BLOCK_LENGTH = 64;

    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5C;

    private final byte[] bytes;
    private final Pads sha1Pads;
    private final Pads sha256Pads;

    /** What HMAC puts before the message and before the inner hash (RFC 2104 §2); nobody may change it. */
    static final class Pads {
        private final byte[] inner;
        private final byte[] outer;

        private Pads(byte[] inner, byte[] outer) {
            this.inner = inner;
            this.outer = outer;
        }

        byte[] inner() {
            return inner;
        }

        byte[] outer() {
            return outer;
        }
    }

    private IntegrityKey(byte[] bytes) {
        this.bytes = bytes;
        boolean fits = bytes.length <= BLOCK_LENGTH;
        // RFC 2104 §2: a key longer than a block is hashed first, so each hash has its own pads.
        this.sha1Pads = pads(fits ? bytes : Digests.sha1().digest(bytes));
        this.sha256Pads = fits ? sha1Pads : pads(Digests.sha256().digest(bytes));
    }

    /**
     * The key of a short-term credential (RFC 8489 §9.1.1).
     *
     * @throws IllegalArgumentException if OpaqueString refuses {@code password}; the message does not contain it
     */
    public static IntegrityKey shortTerm(String password) {
        return new IntegrityKey(OpaqueString.require("password", password).getBytes(StandardCharsets.UTF_8));
    }

    /** The key of a long-term credential by MD5, as {@link #longTerm(PasswordAlgorithm, String, String, String)} makes it. */
    public static IntegrityKey longTerm(String username, String realm, String password) {
        return longTerm(PasswordAlgorithm.MD5, username, realm, password);
    }

    /**
     * The key of a long-term credential (RFC 8489 §9.2.2, §18.5.1).
     *
     * @param algorithm {@link PasswordAlgorithm#MD5} or {@link PasswordAlgorithm#SHA_256}
     * @param username as it stands in USERNAME
     * @param realm as it stands in REALM; where OpaqueString refuses it, it is used as it came, for a client cannot choose
     * @throws IllegalArgumentException if OpaqueString refuses {@code password}; the message does not contain it
     */
    public static IntegrityKey longTerm(PasswordAlgorithm algorithm, String username, String realm, String password) {
        MessageDigest digest = digestOf(algorithm);
        String preparedPassword = OpaqueString.require("password", password);
        String bareRealm = unquoted(realm);
        String text =
                unquoted(username) + ":" + OpaqueString.enforce(bareRealm).orElse(bareRealm) + ":" + preparedPassword;
        return new IntegrityKey(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The key that a password store holds ready: the 16 bytes of MD5, the 32 bytes of SHA-256, or any others. */
    public static IntegrityKey of(byte[] key) {
        return new IntegrityKey(key.clone());
    }

    private static MessageDigest digestOf(PasswordAlgorithm algorithm) {
        if (algorithm.equals(PasswordAlgorithm.MD5)) {
            return Digests.md5();
        }
        if (algorithm.equals(PasswordAlgorithm.SHA_256)) {
            return Digests.sha256();
        }
        throw new IllegalArgumentException("no key is defined for " + algorithm);
    }

    /** RFC 8489 §9.2.2: with any quotes and trailing nulls removed. */
    private static String unquoted(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        boolean isQuoted = end >= 2 && text.charAt(0) == '"' && text.charAt(end - 1) == '"';
        return isQuoted ? text.substring(1, end - 1) : text.substring(0, end);
    }

    private static Pads pads(byte[] key) {
        byte[] inner = Arrays.copyOf(key, BLOCK_LENGTH);
        byte[] outer = inner.clone();
        for (int i = 0; i < BLOCK_LENGTH; i++) {
            inner[i] ^= INNER_PAD;
            outer[i] ^= OUTER_PAD;
        }
        return new Pads(inner, outer);
    }

    Pads sha1Pads() {
        return sha1Pads;
    }

    Pads sha256Pads() {
        return sha256Pads;
    }

    /** Whether both are the same key, in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof IntegrityKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "IntegrityKey";
    }
}
