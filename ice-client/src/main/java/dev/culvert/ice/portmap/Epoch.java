package dev.culvert.ice.portmap;

import java.util.concurrent.TimeUnit;

/** The router's clock, which jumps back when it has lost its mappings. Mutable, owned by one thread. */
final class Epoch {
    private boolean isKnown;
    private long clientNanos;
    private long serverSeconds;

    /**
     * Takes a reading from a PCP answer.
     *
     * @param epoch seconds, 32 bits unsigned
     * @return whether the router may have lost its mappings
     */
    boolean isResetByPcp(long epoch, long nowNanos) {
        boolean isReset = isKnown && !isValid(epoch, secondsSince(nowNanos));
        record(epoch, nowNanos);
        return isReset;
    }

    private boolean isValid(long epoch, long clientDelta) {
        // RFC 6887 §8.5: back by more than a second is invalid.
        if (epoch < serverSeconds - 1) {
            return false;
        }
        // Up to one second back counts as no time at all.
        long serverDelta = Math.max(0, epoch - serverSeconds);
        // RFC 6887 §8.5: the two clocks may differ by a sixteenth and two seconds.
        return clientDelta + 2 >= serverDelta - serverDelta / 16 && serverDelta + 2 >= clientDelta - clientDelta / 16;
    }

    /** The same for a NAT-PMP answer. */
    boolean isResetByNatPmp(long epoch, long nowNanos) {
        // RFC 6886 §3.6: less than the last reading plus 7/8 of the time since then, by more than two seconds.
        boolean isReset = isKnown && epoch < serverSeconds + secondsSince(nowNanos) * 7 / 8 - 2;
        record(epoch, nowNanos);
        return isReset;
    }

    private void record(long epoch, long nowNanos) {
        isKnown = true;
        clientNanos = nowNanos;
        serverSeconds = epoch;
    }

    private long secondsSince(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos - clientNanos);
    }
}
