package dev.culvert.probe;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that says what is waited for, and how long still at most. It appears after a second and is gone
 * when something else is printed, or at the end. Thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long EVERY_MILLIS = 250;
    private static final String CLEARED = "\r\u001b[K";

    private final PrintWriter terminal;
    private final LongSupplier clockNanos;
    private final Timer timer = new Timer("progress", true);
    private final long beginNanos;
    private String what = "";
    private long endNanos;
    private boolean isShown;

    /** A line on {@code terminal}, which {@link #waitFor} fills. */
    Progress(PrintWriter terminal, LongSupplier clockNanos) {
        this.terminal = terminal;
        this.clockNanos = clockNanos;
        beginNanos = clockNanos.getAsLong();
    }

    /** Draws the line from now on, again and again. */
    Progress drawing() {
        timer.scheduleAtFixedRate(
                new TimerTask() {
                    @Override
                    public void run() {
                        draw();
                    }
                },
                EVERY_MILLIS,
                EVERY_MILLIS);
        return this;
    }

    /** What is waited for from now on, as it would stand behind "waiting for"; the line counts down from {@code atMost}. */
    synchronized void waitFor(String newWhat, Duration atMost) {
        what = newWhat;
        endNanos = clockNanos.getAsLong() + atMost.toNanos();
    }

    /** Draws the line as of now. */
    synchronized void draw() {
        long nowNanos = clockNanos.getAsLong();
        if (what.isEmpty() || nowNanos - beginNanos < FIRST_NANOS) {
            return;
        }
        long leftNanos = Math.max(0, endNanos - nowNanos);
        terminal.print(CLEARED + "waiting for " + what + ", " + shown(leftNanos) + " at most");
        terminal.flush();
        isShown = true;
    }

    private static String shown(long leftNanos) {
        long seconds = (leftNanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
        return seconds < 120 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
    }

    /** Takes the line away until it is drawn anew, so that other lines find their place. */
    synchronized void clear() {
        if (isShown) {
            terminal.print(CLEARED);
            terminal.flush();
            isShown = false;
        }
    }

    /** The end of all waiting. */
    @Override
    public synchronized void close() {
        timer.cancel();
        what = "";
        clear();
    }
}
