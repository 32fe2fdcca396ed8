package dev.culvert.relay.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that an application server and a relay share, from which time-limited passwords come
 * (draft-uberti-behave-turn-rest-00). Its text shows nothing of it.
 */
public final class SharedSecret {
    private static final String ALGORITHM = "HmacSHA1";

    private final byte[] bytes;

    private SharedSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The secret that {@code text} is.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static SharedSecret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the shared secret is empty");
        }
        return new SharedSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The secret that a file holds: its only line, without white space around it.
     *
     * @throws IllegalArgumentException if there is no line, or more than one; the message does not contain any
     */
    public static SharedSecret ofFile(String text) {
        String line = text.strip();
        if (line.lines().count() > 1) {
            throw new IllegalArgumentException(
                    "the file of a shared secret has one line; give several files to rotate");
        }
        return of(line);
    }

    /**
     * Makes a credential that is good until a moment.
     *
     * @param userId whose it is, may be empty
     * @param expiresAtEpochSeconds the first second at which it is refused, not negative
     */
    public IssuedCredential issue(String userId, long expiresAtEpochSeconds) {
        if (expiresAtEpochSeconds < 0) {
            throw new IllegalArgumentException("a credential expires after 1970, not at " + expiresAtEpochSeconds);
        }
        String username = userId.isEmpty() ? "" + expiresAtEpochSeconds : expiresAtEpochSeconds + ":" + userId;
        return new IssuedCredential(username, passwordOf(username));
    }

    /** base64(HMAC-SHA1(secret, username)). */
    String passwordOf(String username) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Whether both are the same secret, in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SharedSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "SharedSecret";
    }
}
