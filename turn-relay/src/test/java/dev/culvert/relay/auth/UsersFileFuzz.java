package dev.culvert.relay.auth;

import java.nio.charset.StandardCharsets;

/** Any text as a users file, as a file of nonce keys and as a shared secret: taken, or refused in words of one line. */
public final class UsersFileFuzz {
    private UsersFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            StaticUsers.ofFile("example.org", "users", text).size();
        } catch (InvalidUsersException refused) {
            refused.problems().forEach(problem -> requireOneLine(problem.toString()));
        }
        try {
            SharedSecret.ofFile(text).issue("guest", 1);
        } catch (IllegalArgumentException refused) {
            requireOneLine(String.valueOf(refused.getMessage()));
        }
        try {
            NonceKeys.ofFile(text);
        } catch (IllegalArgumentException refused) {
            requireOneLine(String.valueOf(refused.getMessage()));
        }
    }

    private static void requireOneLine(String words) {
        if (words.lines().count() != 1) {
            throw new AssertionError(words);
        }
    }
}
