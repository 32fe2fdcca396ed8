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
    /** RFC 8489 §6.2.1: the RTO should be 500 ms or more; RFC 8445 §14.3: for ICE it must. */
    public static final Duration MIN_RTO = Duration.ofMillis(500);

    /** RFC 8489 §6.2.2: Ti, the time to wait over a reliable transport. */
    private static final Duration RELIABLE_TIMEOUT = Duration.ofMillis(39_500);

    /** RFC 8489 §6.2.1: Rc, the number of requests to send. */
    private static final int MAX_REQUESTS = 7;

    /** RFC 8489 §6.2.1: Rm, the multiple of the RTO to wait after the last request. */
    private static final int LAST_WAIT_FACTOR = 16;

    /** Moments of the sends while gathering, in RTOs. */
    private static final int[] GATHERING = {0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16};

    /** When gathering gives up, in RTOs. */
    private static final int GATHERING_END = 19;

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
        Duration rto = MIN_RTO;
        for (int i = 0; i < MAX_REQUESTS; i++) {
            moments.add(moment);
            moment = moment.plus(rto);
            rto = rto.multipliedBy(2);
        }
        Duration lastSend = moments.get(MAX_REQUESTS - 1);
        return new RetransmissionSchedule(moments, lastSend.plus(MIN_RTO.multipliedBy(LAST_WAIT_FACTOR)));
    }

    /**
     * For gathering: eleven sends, at first an RTO apart, later two, given up after 19 RTOs. RFC 8489 §6.2.1 would have
     * the pause double and the end wait for 79 RTOs; ICE waits for the slowest of its servers, and every answer counts.
     *
     * @param rto at least {@link #MIN_RTO}
     */
    public static RetransmissionSchedule gathering(Duration rto) {
        // RFC 8445 §14.3: agents must not use an RTO smaller than 500 ms.
        if (rto.compareTo(MIN_RTO) < 0) {
            throw new IllegalArgumentException("an RTO is at least 500 ms, not " + rto);
        }
        List<Duration> moments = new ArrayList<>();
        for (int multiple : GATHERING) {
            moments.add(rto.multipliedBy(multiple));
        }
        return new RetransmissionSchedule(moments, rto.multipliedBy(GATHERING_END));
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
