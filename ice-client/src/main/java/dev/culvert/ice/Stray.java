package dev.culvert.ice;

/**
 * A message that carries the id of a transaction of ours, but is not its answer.
 *
 * @param kind why not
 * @param reply the message
 */
public record Stray(Kind kind, StunReply reply) {
    /** Why a message is no answer. */
    public enum Kind {
        /** From another address or port than the one that was to answer. */
        WRONG_SOURCE,
        /** A request or an indication. */
        NO_RESPONSE,
        /** A response to another method, with attributes that must be known but are not, or an error without its code. */
        NOT_UNDERSTOOD,
        /** A second copy, or the answer to another send of the same request. */
        DUPLICATE,
        /** After the transaction was given up. */
        LATE
    }
}
