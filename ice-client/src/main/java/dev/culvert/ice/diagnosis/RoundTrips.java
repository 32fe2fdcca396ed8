package dev.culvert.ice.diagnosis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Sends datagrams at a steady pace to somebody who returns them, and takes the time. Mutable, owned by one thread. */
public final class RoundTrips {
    private static final long LOST = -1;

    private final ProbePayload payload;
    private final long intervalNanos;
    private final long patienceNanos;
    private final Consumer<ByteBuffer> out;
    private final long[] sentNanos;
    private final long[] roundTripNanos;
    private int sent;
    private int received;
    private long deadlineNanos;
    private boolean isFinished;

    /**
     * What is sent, and how.
     *
     * @param count how many datagrams
     * @param lengthBytes of each, at least 12
     * @param interval between two of them
     * @param patience how long the last is waited for
     * @param out sends a datagram, which is handed over
     */
    public record Plan(int count, int lengthBytes, Duration interval, Duration patience, Consumer<ByteBuffer> out) {
        public Plan {
            if (count < 1) {
                throw new IllegalArgumentException("at least one datagram is needed, not " + count);
            }
        }
    }

    public RoundTrips(Plan plan, RandomGenerator random) {
        payload = new ProbePayload(random.nextLong(), plan.lengthBytes());
        intervalNanos = plan.interval().toNanos();
        patienceNanos = plan.patience().toNanos();
        out = plan.out();
        sentNanos = new long[plan.count()];
        roundTripNanos = new long[plan.count()];
    }

    /** Sends the first. */
    public void start(long nowNanos) {
        deadlineNanos = nowNanos;
        onTimeout(nowNanos);
    }

    /** Takes what came in; it may be of somebody else. */
    public void onArrival(ByteBuffer bytes, long nowNanos) {
        OptionalInt number = payload.numberIn(bytes);
        int index = number.orElse(-1);
        if (isFinished || index < 0 || index >= sent || roundTripNanos[index] != LOST) {
            return;
        }
        roundTripNanos[index] = nowNanos - sentNanos[index];
        received++;
        isFinished = received == sentNanos.length;
    }

    /** Sends the next, or ends, if that is due. */
    public void onTimeout(long nowNanos) {
        if (isFinished || deadlineNanos - nowNanos > 0) {
            return;
        }
        if (sent == sentNanos.length) {
            isFinished = true;
            return;
        }
        int number = sent++;
        sentNanos[number] = nowNanos;
        roundTripNanos[number] = LOST;
        deadlineNanos = nowNanos + (sent == sentNanos.length ? patienceNanos : intervalNanos);
        out.accept(payload.number(number));
    }

    /** When {@link #onTimeout} is to be called next; empty at the end. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        return isFinished ? OptionalLong.empty() : OptionalLong.of(deadlineNanos);
    }

    /** Whether all have come back, or are not waited for any more. */
    public boolean isFinished() {
        return isFinished;
    }

    public RoundTripSummary summary() {
        List<Long> came = new ArrayList<>();
        for (int i = 0; i < sent; i++) {
            if (roundTripNanos[i] != LOST) {
                came.add(roundTripNanos[i]);
            }
        }
        return RoundTripSummary.of(sent, came);
    }
}
