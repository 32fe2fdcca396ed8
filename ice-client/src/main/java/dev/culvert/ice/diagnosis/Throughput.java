package dev.culvert.ice.diagnosis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Sends as much as comes through for a while, where sender and receiver are one program: what arrives lets the next be
 * sent. The number of datagrams under way grows until some are lost, and is halved then. Mutable, owned by one thread.
 */
public final class Throughput {
    private static final int FIRST_WINDOW = 16;
    private static final int MAX_WINDOW = 512;

    /** So much later ones may overtake a datagram before it counts as lost. */
    private static final int REORDERING = 32;

    /** When nothing arrives for so long, all that is under way is lost. */
    private static final long SILENCE_NANOS = Duration.ofMillis(300).toNanos();

    private final ProbePayload payload;
    private final Consumer<ByteBuffer> out;
    private final long sendingNanos;
    private final BitSet underWay = new BitSet();
    private int waiting;
    private int oldest;
    private double window = FIRST_WINDOW;
    private boolean isProbing = true;
    private int windowEnd;
    private int sent;
    private int arrived;
    private long startNanos;
    private long lastNanos;
    private long silenceNanos;
    private boolean isFinished;

    /**
     * A measurement that has not begun.
     *
     * @param lengthBytes of each datagram, at least 12
     * @param sending how long is sent
     * @param out sends a datagram, which is handed over
     */
    public Throughput(int lengthBytes, Duration sending, Consumer<ByteBuffer> out, RandomGenerator random) {
        this.payload = new ProbePayload(random.nextLong(), lengthBytes);
        this.sendingNanos = sending.toNanos();
        this.out = out;
    }

    /** Sends the first ones. */
    public void start(long nowNanos) {
        startNanos = nowNanos;
        lastNanos = nowNanos;
        silenceNanos = nowNanos + SILENCE_NANOS;
        fill(nowNanos);
    }

    /** Takes what arrived at the other end; it may be of somebody else. */
    public void onArrival(ByteBuffer bytes, long nowNanos) {
        OptionalInt number = payload.numberIn(bytes);
        int index = number.orElse(-1);
        if (isFinished || index < 0 || index >= sent || !underWay.get(index)) {
            return;
        }
        underWay.clear(index);
        waiting--;
        arrived++;
        lastNanos = nowNanos;
        silenceNanos = nowNanos + SILENCE_NANOS;
        window = Math.min(MAX_WINDOW, window + (isProbing ? 1 : 1 / window));
        giveUpBefore(index - REORDERING, index);
        fill(nowNanos);
    }

    private void giveUpBefore(int first, int index) {
        oldest = Math.max(oldest, underWay.nextSetBit(oldest));
        if (waiting == 0 || oldest >= first) {
            return;
        }
        underWay.clear(oldest, first);
        waiting = underWay.cardinality();
        onLoss(index);
    }

    private void onLoss(int index) {
        isProbing = false;
        // One halving for all that was lost of one window.
        if (index >= windowEnd) {
            window = Math.max(FIRST_WINDOW, window / 2);
            windowEnd = sent;
        }
    }

    /** Gives up what is under way for too long, and ends, if that is due. */
    public void onTimeout(long nowNanos) {
        if (isFinished || silenceNanos - nowNanos > 0) {
            return;
        }
        underWay.clear();
        waiting = 0;
        window = FIRST_WINDOW;
        silenceNanos = nowNanos + SILENCE_NANOS;
        fill(nowNanos);
    }

    private void fill(long nowNanos) {
        if (nowNanos - startNanos >= sendingNanos) {
            isFinished = waiting == 0;
            return;
        }
        while (waiting < (int) window) {
            underWay.set(sent);
            waiting++;
            out.accept(payload.number(sent++));
        }
    }

    /** When {@link #onTimeout} is to be called next; empty at the end. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        return isFinished ? OptionalLong.empty() : OptionalLong.of(silenceNanos);
    }

    public boolean isFinished() {
        return isFinished;
    }

    public ThroughputSummary summary() {
        Duration took = Duration.ofNanos(lastNanos - startNanos);
        return new ThroughputSummary((long) arrived * payload.lengthBytes(), took, sent, arrived);
    }
}
