package dev.culvert.stun.integrity;

import java.text.Normalizer;
import java.util.Optional;

/** The OpaqueString profile for passwords, usernames and realms (RFC 8265 §4.2). */
public final class OpaqueString {
    private OpaqueString() {}

    /** {@code text} as the profile wants it; empty where it contains nothing, or something that is not allowed. */
    public static Optional<String> enforce(String text) {
        if (text.isEmpty() || FreeformClass.firstDisallowed(text) >= 0) {
            return Optional.empty();
        }
        return Optional.of(map(text));
    }

    /**
     * {@code text} as the profile wants it.
     *
     * @param what names the text in the exception, which does not contain it
     * @throws IllegalArgumentException if it contains nothing, or something that is not allowed
     */
    public static String require(String what, String text) {
        // RFC 8265 §4.1: a zero-length password is not allowed.
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the " + what + " is empty");
        }
        int index = FreeformClass.firstDisallowed(text);
        if (index >= 0) {
            int position = text.codePointCount(0, index) + 1;
            throw new IllegalArgumentException("the " + what + " has a character that OpaqueString (RFC 8265)"
                    + " does not allow, at position " + position);
        }
        return map(text);
    }

    private static String map(String text) {
        if (isAscii(text)) {
            return text;
        }
        // RFC 8265 §4.2.2 (2): non-ASCII spaces become SPACE; (4): NFC. Widths and case stay as they are (1, 3).
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
                .forEach(mapped::appendCodePoint);
        return Normalizer.normalize(mapped, Normalizer.Form.NFC);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
