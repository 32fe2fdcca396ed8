package dev.culvert.stun.integrity;

import dev.culvert.stun.Octets;
import dev.culvert.stun.attribute.Userhash;
import java.nio.charset.StandardCharsets;

/** How USERHASH comes from a username (RFC 8489 §14.4). */
public final class Userhashes {
    private Userhashes() {}

    /**
     * The USERHASH of {@code username} in {@code realm}; a text that OpaqueString refuses is used as it came.
     *
     * @param username prepared or not
     * @param realm prepared or not
     */
    public static Userhash of(String username, String realm) {
        // RFC 8489 §14.4: SHA-256(OpaqueString(username) ":" OpaqueString(realm)).
        String text = OpaqueString.enforce(username).orElse(username) + ":"
                + OpaqueString.enforce(realm).orElse(realm);
        return new Userhash(Octets.of(Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
    }
}
