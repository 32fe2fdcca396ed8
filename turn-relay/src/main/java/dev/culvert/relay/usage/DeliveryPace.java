package dev.culvert.relay.usage;

import java.util.random.RandomGenerator;

/**
 * How much is delivered at once, and when it is tried again. An answer of any code but 2xx means that the endpoint has not
 * taken the events: they stay, and come again. Owned by one thread.
 */
final class DeliveryPace {
    static final int MOST_EVENTS = 500;

    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 60_000;

    /** 1 s doubled so often is beyond the longest. */
    private static final int MOST_DOUBLINGS = 6;

    private static final int CONTENT_TOO_LARGE = 413;

    private final RandomGenerator random;
    private int failures;
    private int mostEvents = MOST_EVENTS;

    DeliveryPace(RandomGenerator random) {
        this.random = random;
    }

    static boolean isDelivered(int status) {
        return status >= 200 && status < 300;
    }

    /** How many events the next delivery holds at most. */
    int mostEvents() {
        return mostEvents;
    }

    /** How many deliveries in a row have failed. */
    int failures() {
        return failures;
    }

    /** Takes a success: then there is no waiting, and batches grow again. */
    void succeeded() {
        failures = 0;
        mostEvents = Math.min(MOST_EVENTS, 2 * mostEvents);
    }

    /**
     * Takes a failure.
     *
     * @param status of the answer, or 0 where there was none
     * @param askedSeconds what {@code Retry-After} asked for, or 0
     * @return how long to wait: twice as long each time, up to a minute, the last half of it at random, so that servers
     *     whose endpoint was away do not come back together
     */
    long failed(int status, long askedSeconds) {
        // One event that is too large will not get smaller: it waits like any other.
        mostEvents = status == CONTENT_TOO_LARGE ? Math.max(1, mostEvents / 2) : mostEvents;
        long whole = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        long millis = whole / 2 + random.nextLong(whole / 2 + 1);
        return Math.max(millis, Math.min(askedSeconds * 1_000, LONGEST_MILLIS));
    }
}
