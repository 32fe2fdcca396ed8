package dev.culvert.ice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a request is sent and sent again, and when it is given up.
 *
 * @param sendAfter moments of the sends, counted from the first, which is at zero; strictly rising
 * @param giveUpAfter the moment after which no answer counts as silence; later than the last send
 */
public record RetransmissionSchedule(List<Duration> sendAfter, Duration giveUpAfter) {
    /** RFC 8489 §6.2.1: the RTO should be 500 ms or more. */
    private static final Duration INITIAL_RTO = Duration.ofMillis(500);

    /** RFC 8489 §6.2.2: Ti, the time to wait over a reliable transport. */
    private static final Duration RELIABLE_TIMEOUT = Duration.ofMillis(39_500);

    /** RFC 8489 §6.2.1: Rc, the number of requests to send. */
    private static final int MAX_REQUESTS = 7;

    /** RFC 8489 §6.2.1: Rm, the multiple of the RTO to wait after the last request. */
    private static final int LAST_WAIT_FACTOR = 16;

    private static final RetransmissionSchedule PROBE =
            new RetransmissionSchedule(millis(0, 100, 300, 700, 1500), Duration.ofMillis(2500));

    public RetransmissionSchedule {
        sendAfter = List.copyOf(sendAfter);
        if (sendAfter.isEmpty() || !sendAfter.get(0).isZero()) {
            throw new IllegalArgumentException("the first send is at zero, not " + sendAfter);
        }
        Duration previous = null;
        for (Duration moment : sendAfter) {
            if (previous != null && moment.compareTo(previous) <= 0) {
                throw new IllegalArgumentException("the sends do not follow each other: " + sendAfter);
            }
            previous = moment;
        }
        if (giveUpAfter.compareTo(sendAfter.get(sendAfter.size() - 1)) <= 0) {
            throw new IllegalArgumentException("given up before the last send: " + giveUpAfter);
        }
    }

    /** A burst of five within 1.5 seconds, given up after 2.5: loss hardly ever looks like silence. */
    public static RetransmissionSchedule probe() {
        return PROBE;
    }

    /** The schedule that RFC 8489 §6.2.1 asks for: seven sends, the pause doubling from 500 ms, 39.5 seconds in all. */
    public static RetransmissionSchedule standard() {
        List<Duration> moments = new ArrayList<>();
        Duration moment = Duration.ZERO;
        Duration rto = INITIAL_RTO;
        for (int i = 0; i < MAX_REQUESTS; i++) {
            moments.add(moment);
            moment = moment.plus(rto);
            rto = rto.multipliedBy(2);
        }
        Duration lastSend = moments.get(MAX_REQUESTS - 1);
        return new RetransmissionSchedule(moments, lastSend.plus(INITIAL_RTO.multipliedBy(LAST_WAIT_FACTOR)));
    }

    /** One send, for a transport that repeats by itself (RFC 8489 §6.2.2). */
    public static RetransmissionSchedule reliable() {
        return new RetransmissionSchedule(List.of(Duration.ZERO), RELIABLE_TIMEOUT);
    }

    /** This schedule, given up at {@code limit} where that is earlier; sends from then on are left out. */
    public RetransmissionSchedule within(Duration limit) {
        if (limit.compareTo(giveUpAfter) >= 0) {
            return this;
        }
        List<Duration> moments =
                sendAfter.stream().filter(moment -> moment.compareTo(limit) < 0).toList();
        return new RetransmissionSchedule(moments, limit);
    }

    /** The pause between the send with this index, from 0, and the next send or giving up. */
    public Duration pauseAfter(int index) {
        Duration next = index + 1 < sendAfter.size() ? sendAfter.get(index + 1) : giveUpAfter;
        return next.minus(sendAfter.get(index));
    }

    private static List<Duration> millis(long... moments) {
        List<Duration> durations = new ArrayList<>();
        for (long moment : moments) {
            durations.add(Duration.ofMillis(moment));
        }
        return durations;
    }
}
