package dev.culvert.relay.core;

import java.util.OptionalLong;

/**
 * How much is relayed at most, in bits per second of application data, both directions together; empty for no limit.
 * What is over is dropped. After a pause a second's worth goes at once, and 64 KiB at least, so that no datagram is too
 * long for any limit.
 *
 * @param perAllocation of each allocation
 * @param perUser of all allocations of one user id
 * @param inAll of all allocations
 */
public record Bitrates(OptionalLong perAllocation, OptionalLong perUser, OptionalLong inAll) {
    /** No limit at all. */
    public static final Bitrates UNLIMITED =
            new Bitrates(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** @throws IllegalArgumentException if one of them is below 1 */
    public Bitrates {
        requirePositive(perAllocation);
        requirePositive(perUser);
        requirePositive(inAll);
    }

    private static void requirePositive(OptionalLong bitsPerSecond) {
        if (bitsPerSecond.isPresent() && bitsPerSecond.getAsLong() < 1) {
            throw new IllegalArgumentException("a bitrate is at least 1 bit/s, not " + bitsPerSecond.getAsLong());
        }
    }
}
