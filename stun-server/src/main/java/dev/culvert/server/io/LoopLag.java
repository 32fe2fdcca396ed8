package dev.culvert.server.io;

import dev.culvert.server.core.Histogram;
import java.util.concurrent.TimeUnit;

/**
 * How late an event loop comes to what is due, as a timer of its own finds. Written by that loop's thread; others may read,
 * and see the writes of a moment ago.
 */
final class LoopLag implements Runnable {
    static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int TICKS_PER_WINDOW = 40;

    private final Histogram lags = new Histogram();
    private long dueNanos;
    private int ticks;
    private long maxNanos;
    private long maxBeforeNanos;

    /** The first run is due one period from now. */
    void begin(long nowNanos) {
        dueNanos = nowNanos + PERIOD_NANOS;
    }

    @Override
    public void run() {
        onTick(System.nanoTime());
    }

    /** Runs once a period; after a long stop once for each period that it took. */
    void onTick(long nowNanos) {
        long lateNanos = Math.max(0, nowNanos - dueNanos);
        dueNanos += PERIOD_NANOS;
        lags.record(lateNanos);
        maxNanos = Math.max(maxNanos, lateNanos);
        ticks++;
        if (ticks == TICKS_PER_WINDOW) {
            ticks = 0;
            maxBeforeNanos = maxNanos;
            maxNanos = 0;
        }
    }

    Histogram lags() {
        return lags;
    }

    /** The longest of the last 10 to 20 seconds. */
    long recentNanos() {
        return Math.max(maxNanos, maxBeforeNanos);
    }
}
