package dev.culvert.ice.diagnosis;

import java.time.Duration;
import java.util.List;

/**
 * Round trips of many datagrams.
 *
 * @param sent how many were sent
 * @param received how many came back in time, copies not counted
 * @param median half of those that came back took no longer; zero where none came back
 * @param p99 99 of 100 took no longer; zero where none came back
 * @param jitter the mean difference between one round trip and the next; zero with fewer than two
 */
public record RoundTripSummary(int sent, int received, Duration median, Duration p99, Duration jitter) {
    /** The share of datagrams that did not come back, 0 to 1. */
    public double loss() {
        return sent == 0 ? 0 : 1 - (double) received / sent;
    }

    /** Sums up round trips in the order of sending, of which some were lost. */
    static RoundTripSummary of(int sent, List<Long> roundTripsNanos) {
        List<Long> sorted = roundTripsNanos.stream().sorted().toList();
        return new RoundTripSummary(
                sent, sorted.size(), percentile(sorted, 50), percentile(sorted, 99), jitter(roundTripsNanos));
    }

    /** The smallest that at least {@code percent} of 100 do not exceed. */
    private static Duration percentile(List<Long> sorted, int percent) {
        if (sorted.isEmpty()) {
            return Duration.ZERO;
        }
        int rank = (sorted.size() * percent + 99) / 100;
        return Duration.ofNanos(sorted.get(Math.max(rank, 1) - 1));
    }

    private static Duration jitter(List<Long> roundTripsNanos) {
        if (roundTripsNanos.size() < 2) {
            return Duration.ZERO;
        }
        long sum = 0;
        for (int i = 1; i < roundTripsNanos.size(); i++) {
            sum += Math.abs(roundTripsNanos.get(i) - roundTripsNanos.get(i - 1));
        }
        return Duration.ofNanos(sum / (roundTripsNanos.size() - 1));
    }
}
