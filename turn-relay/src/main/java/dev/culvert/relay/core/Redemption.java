package dev.culvert.relay.core;

/** What came of redeeming a token. */
sealed interface Redemption {
    /** The reservation is the redeemer's, and counts as an allocation already. */
    record Redeemed(Reservation reservation) implements Redemption {}

    /**
     * All stays as it was.
     *
     * @param code of the error answer
     * @param why for the operator
     */
    record Refused(int code, Refusal why) implements Redemption {}
}
