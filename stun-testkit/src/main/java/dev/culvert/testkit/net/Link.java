package dev.culvert.testkit.net;

import java.time.Duration;

/**
 * What a datagram suffers on a link.
 *
 * <p>Latency and jitter keep the order of datagrams; only {@code reordering} lets later ones overtake.
 *
 * @param latency the least delay
 * @param jitter added delay, uniform between zero and this
 * @param loss share of datagrams that vanish, 0 to 1
 * @param duplication share that arrives twice, 0 to 1
 * @param reordering share that is held back by {@code holdBack}, 0 to 1
 * @param holdBack how long a reordered datagram is held back
 */
public record Link(
        Duration latency, Duration jitter, double loss, double duplication, double reordering, Duration holdBack) {
    private static final Link IDEAL = new Link(Duration.ZERO, Duration.ZERO, 0, 0, 0, Duration.ofMillis(20));

    public Link {
        requireNotNegative(latency);
        requireNotNegative(jitter);
        requireNotNegative(holdBack);
        requireShare(loss);
        requireShare(duplication);
        requireShare(reordering);
    }

    /** No delay and no fault. */
    public static Link ideal() {
        return IDEAL;
    }

    /** A faultless link with a constant delay. */
    public static Link withLatency(Duration latency) {
        return new Link(latency, Duration.ZERO, 0, 0, 0, IDEAL.holdBack);
    }

    /** This link with a random delay of up to {@code jitter} added. */
    public Link jittered(Duration newJitter) {
        return new Link(latency, newJitter, loss, duplication, reordering, holdBack);
    }

    /** This link losing that share of its datagrams. */
    public Link losing(double share) {
        return new Link(latency, jitter, share, duplication, reordering, holdBack);
    }

    /** This link delivering that share of its datagrams twice. */
    public Link duplicating(double share) {
        return new Link(latency, jitter, loss, share, reordering, holdBack);
    }

    /** This link holding that share of its datagrams back for so long that others may overtake them. */
    public Link reordering(double share, Duration newHoldBack) {
        return new Link(latency, jitter, loss, duplication, share, newHoldBack);
    }

    private static void requireNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("negative delay: " + duration);
        }
    }

    private static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("not a share between 0 and 1: " + share);
        }
    }
}
