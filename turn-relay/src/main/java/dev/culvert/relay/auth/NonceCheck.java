package dev.culvert.relay.auth;

/** What a nonce that came back turns out to be. */
sealed interface NonceCheck {
    /**
     * Made under one of our keys for this very client.
     *
     * @param offer what the challenge offered that carried it
     * @param isFresh whether it is not too old
     */
    record Ours(SecurityOffer offer, boolean isFresh) implements NonceCheck {}

    /** Made by somebody else, for another client, or under a key that is no more. */
    record Foreign() implements NonceCheck {}

    /** Whether a request that carries it may pass. */
    default boolean isGood() {
        return this instanceof Ours ours && ours.isFresh();
    }
}
