package dev.culvert.ice;

/** Learns how one transaction went. Called during the call that brought the news. */
public interface StunTransactionHandler {
    /** The transaction has ended with an answer that counts, success or error. */
    void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction);

    /** The transaction has failed: it was given up, or its answer was not understood, which {@link #onStray} told before. */
    void onSilence(StunRequest request, StunTransaction transaction);

    /** A message with this transaction's id came that is not its answer; it may come after the end, too. */
    default void onStray(StunRequest request, Stray stray, StunTransaction transaction) {}
}
