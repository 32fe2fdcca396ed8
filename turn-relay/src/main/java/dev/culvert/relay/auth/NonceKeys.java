package dev.culvert.relay.auth;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The keys under which nonces are made: a current one, and one before it whose nonces are still good. All servers of a
 * fleet have the same, so that each takes the nonces of the others. Its text shows nothing of them.
 */
public final class NonceKeys {
    /** The length of a key in bytes, that of HMAC-SHA256's output (RFC 2104 §3). */
    public static final int KEY_LENGTH = 32;

    private static final String FORM =
            "write one line of " + 2 * KEY_LENGTH + " hexadecimal digits for the current key and one for the previous";

    /** The current key first. */
    private final List<byte[]> keys;

    private NonceKeys(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * One key that nobody else has.
     *
     * @param random cryptographically strong
     */
    public static NonceKeys random(RandomGenerator random) {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return new NonceKeys(List.of(key));
    }

    /**
     * The keys that a file holds: the current one on the first line, the previous one on a second if there is one, each
     * as 64 hexadecimal digits. Empty lines and lines that begin with {@code #} say nothing.
     *
     * @throws IllegalArgumentException if the text is otherwise; the message names the line and shows nothing of it
     */
    public static NonceKeys ofFile(String text) {
        List<byte[]> keys = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!line.matches("[0-9A-Fa-f]{" + 2 * KEY_LENGTH + "}") || keys.size() == 2) {
                throw new IllegalArgumentException(
                        "line " + (i + 1) + (keys.size() == 2 ? " is a third key; " : " is not a key; ") + FORM);
            }
            keys.add(HexFormat.of().parseHex(line));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key; " + FORM);
        }
        return new NonceKeys(keys);
    }

    List<byte[]> keys() {
        return keys;
    }

    @Override
    public String toString() {
        return "NonceKeys";
    }
}
