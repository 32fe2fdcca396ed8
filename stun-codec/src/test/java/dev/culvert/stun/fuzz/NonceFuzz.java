package dev.culvert.stun.fuzz;

import dev.culvert.stun.integrity.SecurityFeatures;
import java.nio.charset.StandardCharsets;

/** Any text as a nonce: the features that it announces are those of the cookie they would be written as. */
public final class NonceFuzz {
    private NonceFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        SecurityFeatures features = SecurityFeatures.ofNonce(new String(data, StandardCharsets.UTF_8));
        if (!SecurityFeatures.ofNonce(features.nonceCookie()).equals(features)) {
            throw new AssertionError(features);
        }
    }
}
