package dev.culvert.relay.core;

import dev.culvert.server.core.TokenBucket;
import java.util.OptionalLong;

/**
 * One limit in the terms of a {@link TokenBucket}.
 *
 * @param bitsPerSecond 0 for no limit
 * @param burstNanos what a full bucket holds
 */
record Bitrate(long bitsPerSecond, long burstNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long BIT_NANOS_PER_BYTE = 8 * NANOS_PER_SECOND;

    /** More than any datagram holds. */
    private static final long MIN_BURST_BYTES = 65_536;

    static Bitrate of(OptionalLong limit) {
        long bitsPerSecond = limit.orElse(0);
        return bitsPerSecond == 0
                ? new Bitrate(0, 0)
                : new Bitrate(bitsPerSecond, Math.max(NANOS_PER_SECOND, nanos(MIN_BURST_BYTES, bitsPerSecond)));
    }

    private static long nanos(long lengthBytes, long bitsPerSecond) {
        return lengthBytes * BIT_NANOS_PER_BYTE / bitsPerSecond;
    }

    /** Takes a packet's worth from {@code bucket}; false where it does not hold that much. */
    boolean take(TokenBucket bucket, int lengthBytes, long nowNanos) {
        return bitsPerSecond == 0 || bucket.take(nanos(lengthBytes, bitsPerSecond), burstNanos, nowNanos);
    }

    /** Takes back a {@link #take}. */
    void putBack(TokenBucket bucket, int lengthBytes) {
        if (bitsPerSecond != 0) {
            bucket.putBack(nanos(lengthBytes, bitsPerSecond));
        }
    }
}
