package dev.culvert.relay.auth;

import dev.culvert.stun.attribute.Userhash;

/** Who the sender of a request says it is, by USERNAME or by USERHASH. */
public sealed interface ClaimedUser {
    /**
     * By name.
     *
     * @param username the value of USERNAME as it came
     */
    record ByName(String username) implements ClaimedUser {}

    /**
     * By the hash that stands in for the name (RFC 8489 §14.4).
     *
     * @param userhash the value of USERHASH
     */
    record ByHash(Userhash userhash) implements ClaimedUser {}
}
