package dev.culvert.ice.turn;

import dev.culvert.ice.time.Earliest;
import java.time.Duration;

/**
 * Something that the server keeps for a time and that must be renewed before: an allocation, a permission, a channel.
 * Mutable, owned by one thread.
 */
final class Lease {
    /**
     * How long after a failed renewal the next is tried. RFC 8489 §6.3.4: a request that the server could not serve
     * should be sent again four times at most; renewals begin a minute before the end.
     */
    private static final long RETRY_NANOS = Duration.ofSeconds(15).toNanos();

    private State state = State.ASKED_FOR;
    private long expiryNanos;
    private long renewalNanos;

    private enum State {
        /** The server has not answered the first request. */
        ASKED_FOR,
        HELD,
        /** Held, and a renewal is under way. */
        RENEWING,
        GONE
    }

    /** The server has granted it, or once more. */
    void grant(long expiryNanos, long renewalNanos) {
        this.expiryNanos = expiryNanos;
        this.renewalNanos = renewalNanos;
        state = State.HELD;
    }

    /** Whether the server has granted it and, as far as is known, keeps it. */
    boolean isHeld() {
        return state == State.HELD || state == State.RENEWING;
    }

    /** Whether it is held, or asked for: the server may already act on it. */
    boolean isExpected() {
        return state != State.GONE;
    }

    /** Whether it is time to renew; after a true answer a renewal counts as under way. */
    boolean takeRenewal(long nowNanos) {
        if (state != State.HELD || renewalNanos - nowNanos > 0) {
            return false;
        }
        state = State.RENEWING;
        return true;
    }

    /**
     * A request for it has failed.
     *
     * @return whether that is the end of it; otherwise it is still held and renewed again a little later
     */
    boolean endsBy(TurnFailure failure, long nowNanos) {
        boolean mayRetry = isHeld() && failure.isTransient() && expiryNanos - nowNanos > RETRY_NANOS;
        if (!mayRetry) {
            state = State.GONE;
            return true;
        }
        renewalNanos = nowNanos + RETRY_NANOS;
        state = State.HELD;
        return false;
    }

    /** Nobody wants it any more: it is not renewed, and an answer under way changes nothing. */
    void release() {
        state = State.GONE;
    }

    /** It is to be asked for from the beginning. */
    void ask() {
        state = State.ASKED_FOR;
    }

    /** Adds the moment of the next renewal, if one is planned. */
    void includeIn(Earliest deadline) {
        if (state == State.HELD) {
            deadline.include(renewalNanos);
        }
    }
}
