package dev.culvert.ice.turn;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.TransactionId;
import java.nio.ByteBuffer;

/**
 * One transaction of a request: one id, one protection, the same bytes at every send. Mutable, owned by one thread.
 *
 * <p>It is not a {@link dev.culvert.ice.StunTransaction}, which ends at the first answer from the right source: here an
 * answer without integrity is as if it had never come.
 */
final class TurnTransaction {
    private final TurnRequest request;
    private final TransactionId id;
    private final Protection protection;
    private final ByteBuffer bytes;
    private final RetransmissionSchedule schedule;
    private final int challenges;
    private final long startNanos;
    private long deadlineNanos;
    private int sent;
    private TurnFailure failure = new TurnFailure.Silence();

    /**
     * A transaction that is not sent yet.
     *
     * @param bytes the encoded request
     * @param challenges how many transactions of the request have ended with a challenge
     */
    TurnTransaction(
            TurnRequest request,
            TransactionId id,
            Protection protection,
            ByteBuffer bytes,
            RetransmissionSchedule schedule,
            int challenges,
            long startNanos) {
        this.request = request;
        this.id = id;
        this.protection = protection;
        this.bytes = bytes;
        this.schedule = schedule;
        this.challenges = challenges;
        this.startNanos = startNanos;
    }

    TurnRequest request() {
        return request;
    }

    TransactionId id() {
        return id;
    }

    Protection protection() {
        return protection;
    }

    int challenges() {
        return challenges;
    }

    long startNanos() {
        return startNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Why it fails if no good answer comes. */
    TurnFailure failure() {
        return failure;
    }

    /** An answer came that does not count; if none follows, {@code reason} is why the request failed. */
    void discard(TurnFailure reason) {
        failure = reason;
    }

    /** Sends, for the first time or again. */
    void send(long nowNanos, TurnOutput out) {
        // The pause counts from now, so that a shell that was held up does not send several at once.
        deadlineNanos = nowNanos + schedule.pauseAfter(sent).toNanos();
        sent++;
        out.transmit(bytes.duplicate());
    }

    /** Whether the last send has been made, so that at the deadline it is given up. */
    boolean isExhausted() {
        return sent == schedule.sendAfter().size();
    }
}
