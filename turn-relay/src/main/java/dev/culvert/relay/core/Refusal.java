package dev.culvert.relay.core;

import dev.culvert.stun.IpAddress;
import java.util.Optional;

/**
 * Why an authenticated request was refused.
 *
 * @param words for an operator, with the option that would change it; without addresses of clients and peers
 * @param peer whom it concerns, where a rule denies one
 */
public record Refusal(RefusalReason reason, String words, Optional<IpAddress> peer) {
    Refusal(RefusalReason reason, String words) {
        this(reason, words, Optional.empty());
    }

    static Refusal badRequest(String words) {
        return new Refusal(RefusalReason.BAD_REQUEST, words);
    }
}
