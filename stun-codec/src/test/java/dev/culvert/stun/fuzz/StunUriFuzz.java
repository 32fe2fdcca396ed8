package dev.culvert.stun.fuzz;

import dev.culvert.stun.StunUri;
import java.nio.charset.StandardCharsets;

/** Any text as a URI: it is refused in words, or comes back from its own text. */
public final class StunUriFuzz {
    private StunUriFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        StunUri uri;
        try {
            uri = StunUri.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (!StunUri.parse(uri.toString()).equals(uri)) {
            throw new AssertionError(uri);
        }
    }
}
