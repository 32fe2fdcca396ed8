package dev.culvert.relay.core;

/**
 * A bound port that waits for whoever has its token (RFC 8656 §7.2). Immutable, handed from thread to thread.
 *
 * @param userId whose quota it counts in until it is redeemed
 * @param untilNanos when it ends
 */
record Reservation(long token, RelayPort port, RelayAddress address, String userId, long untilNanos) {
    /** A token shows in no log. */
    @Override
    public String toString() {
        return "Reservation[" + port.local() + "]";
    }
}
