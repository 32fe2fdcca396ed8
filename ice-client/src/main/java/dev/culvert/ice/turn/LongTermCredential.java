package dev.culvert.ice.turn;

import dev.culvert.stun.integrity.OpaqueString;
import java.nio.charset.StandardCharsets;

/**
 * A username and its password for the long-term credential mechanism (RFC 8489 §9.2), prepared by OpaqueString.
 *
 * @param username at most 508 bytes in UTF-8
 * @param password never shown by {@code toString}
 */
public record LongTermCredential(String username, String password) {
    /** RFC 8489 §14.3: USERNAME is less than 509 bytes long. */
    private static final int MAX_USERNAME_LENGTH = 508;

    /** @throws IllegalArgumentException if OpaqueString refuses one of them, or the username is too long */
    public LongTermCredential {
        username = OpaqueString.require("username", username);
        password = OpaqueString.require("password", password);
        int length = username.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_USERNAME_LENGTH) {
            throw new IllegalArgumentException("a username has at most 508 bytes, not " + length);
        }
    }

    @Override
    public String toString() {
        return "LongTermCredential[" + username + "]";
    }
}
