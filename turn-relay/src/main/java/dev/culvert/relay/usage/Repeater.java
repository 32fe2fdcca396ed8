package dev.culvert.relay.usage;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one thing over and over, with pauses, and a last thing when it is told to stop. It is never
 * interrupted, which would close the files it is at.
 */
final class Repeater {
    private static final Logger LOG = LoggerFactory.getLogger(Repeater.class);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

    private final Step step;
    private final Runnable last;
    private final Thread thread;
    private boolean isStopping;

    /** What is done. */
    @FunctionalInterface
    interface Step {
        /** Does it; returns how long to wait until it is done again, in milliseconds. */
        long run() throws InterruptedException;
    }

    private Repeater(String name, Step step, Runnable last) {
        this.step = step;
        this.last = last;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    static Repeater start(String name, Step step, Runnable last) {
        Repeater repeater = new Repeater(name, step, last);
        repeater.thread.start();
        return repeater;
    }

    private void run() {
        try {
            boolean isGoingOn = true;
            while (isGoingOn) {
                isGoingOn = !isStoppedWithin(doStep());
            }
            last.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long doStep() throws InterruptedException {
        try {
            return step.run();
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure", thread.getName(), e);
            return PAUSE_AFTER_FAILURE_MILLIS;
        }
    }

    private synchronized boolean isStoppedWithin(long pauseMillis) throws InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofMillis(pauseMillis).toNanos();
        for (long left = pauseMillis; !isStopping && left > 0; left = millisUntil(endNanos)) {
            wait(left);
        }
        return isStopping;
    }

    private static long millisUntil(long endNanos) {
        return Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
    }

    /** Lets it do the last thing, after what it is at. */
    synchronized void stop() {
        isStopping = true;
        notifyAll();
    }

    /** Waits for its end; false where {@code patience} is over before. */
    boolean join(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        return !thread.isAlive();
    }
}
