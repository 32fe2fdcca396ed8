package dev.culvert.ice.diagnosis;

import java.time.Duration;

/**
 * How much came through in a time.
 *
 * @param payloadBytes of all datagrams that arrived together
 * @param took from the first send to the last arrival
 * @param sent how many datagrams were sent
 * @param arrived how many of them arrived
 */
public record ThroughputSummary(long payloadBytes, Duration took, int sent, int arrived) {
    /** Payload bits per second. */
    public double bitsPerSecond() {
        return took.isZero() ? 0 : payloadBytes * 8 * 1e9 / took.toNanos();
    }

    /** The share of datagrams that did not arrive, 0 to 1. */
    public double loss() {
        return sent == 0 ? 0 : 1 - (double) arrived / sent;
    }
}
