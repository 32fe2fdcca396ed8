package dev.culvert.relay.policy;

import dev.culvert.server.config.InvalidValueException;
import java.nio.charset.StandardCharsets;

/** Any text as a peer rule: it is refused in words, or its own text is the same rule. */
public final class PeerRuleFuzz {
    private PeerRuleFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PeerRule rule;
        try {
            rule = PeerRule.deny(new String(data, StandardCharsets.UTF_8));
        } catch (InvalidValueException refused) {
            return;
        }
        try {
            if (!PeerRule.deny(rule.text()).equals(rule)) {
                throw new AssertionError(rule.toString());
            }
        } catch (InvalidValueException e) {
            throw new AssertionError(rule.toString(), e);
        }
    }
}
