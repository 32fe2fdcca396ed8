package dev.culvert.ice.resolution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Tries several ways to a server, each a little after the one before, and keeps the first that answers (RFC 8305 §5).
 * Mutable, owned by one thread.
 *
 * <p>An answer is what proves that there is somebody: over UDP any answer of the server, over TCP the connection, over
 * TLS the session. Whoever answers first runs on alone, and the others are called off. If that one fails after all, what
 * was not yet tried follows.
 */
public final class HappyEyeballs {
    /** RFC 8305 §8: the Connection Attempt Delay should be 250 ms. */
    public static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    private final List<State> states = new ArrayList<>();
    private final long delayNanos;
    private final Output out;
    private long nextBeginNanos;
    private boolean isOver;

    private enum State {
        WAITING,
        RUNNING,
        ANSWERED,
        ENDED
    }

    /** Where the decisions go. An attempt may be reported on from within {@link #begin}. */
    public interface Output {
        /** Begin the attempt with this index, from 0. */
        void begin(int attempt);

        /** Call the attempt off, and close what it has opened. */
        void cancel(int attempt);

        /** All attempts have failed. */
        void onAllFailed();
    }

    /**
     * A race that has not begun.
     *
     * @param attempts how many ways there are, in the order of trying
     * @param delay how long an attempt stays alone
     */
    public HappyEyeballs(int attempts, Duration delay, Output out) {
        for (int i = 0; i < attempts; i++) {
            states.add(State.WAITING);
        }
        this.delayNanos = delay.toNanos();
        this.out = out;
    }

    /** Begins the first attempt. */
    public void start(long nowNanos) {
        proceed(nowNanos);
    }

    /** Somebody answered: the others are called off. */
    public void onAnswered(int attempt) {
        if (isOver || states.get(attempt) != State.RUNNING) {
            return;
        }
        states.set(attempt, State.ANSWERED);
        for (int other = 0; other < states.size(); other++) {
            if (states.get(other) == State.RUNNING) {
                states.set(other, State.ENDED);
                out.cancel(other);
            }
        }
    }

    /** An attempt came to nothing; the next begins at once. */
    public void onFailed(int attempt, long nowNanos) {
        if (isOver || states.get(attempt) == State.ENDED) {
            return;
        }
        states.set(attempt, State.ENDED);
        proceed(nowNanos);
    }

    /** An attempt has reached its aim, or nothing is wanted any more: the others are called off. */
    public void stop(int winner) {
        isOver = true;
        for (int other = 0; other < states.size(); other++) {
            boolean isUnderWay = states.get(other) == State.RUNNING || states.get(other) == State.ANSWERED;
            if (other != winner && isUnderWay) {
                states.set(other, State.ENDED);
                out.cancel(other);
            }
        }
    }

    /** Begins the next attempt, if that is due. */
    public void onTimeout(long nowNanos) {
        if (isDelayRunning() && nextBeginNanos - nowNanos <= 0) {
            proceed(nowNanos);
        }
    }

    /** When {@link #onTimeout} is to be called next; empty while nothing waits for time. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        return isDelayRunning() ? OptionalLong.of(nextBeginNanos) : OptionalLong.empty();
    }

    private boolean isDelayRunning() {
        // Who has answered is given the time that it needs.
        return !isOver
                && states.contains(State.WAITING)
                && states.contains(State.RUNNING)
                && !states.contains(State.ANSWERED);
    }

    private void proceed(long nowNanos) {
        int next = states.indexOf(State.WAITING);
        if (next >= 0) {
            states.set(next, State.RUNNING);
            nextBeginNanos = nowNanos + delayNanos;
            out.begin(next);
            return;
        }
        if (!states.contains(State.RUNNING) && !states.contains(State.ANSWERED)) {
            isOver = true;
            out.onAllFailed();
        }
    }
}
