package dev.culvert.stun.fuzz;

import dev.culvert.stun.integrity.OpaqueString;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;

/** Any text as a password: both ways to ask agree, and what comes out is normalised and without odd spaces. */
public final class OpaqueStringFuzz {
    private OpaqueStringFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Optional<String> enforced = OpaqueString.enforce(text);
        if (!required(text).equals(enforced)) {
            throw new AssertionError("enforce and require disagree");
        }
        enforced.ifPresent(result -> {
            if (result.isEmpty() || !Normalizer.isNormalized(result, Normalizer.Form.NFC)) {
                throw new AssertionError("not in NFC");
            }
            if (result.codePoints().anyMatch(c -> c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR)) {
                throw new AssertionError("a non-ASCII space is left");
            }
        });
    }

    private static Optional<String> required(String text) {
        try {
            return Optional.of(OpaqueString.require("password", text));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }
}
