package dev.culvert.ice.vertx;

import io.vertx.core.Vertx;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** One Vert.x timer that follows a core's next deadline. Owned by one event loop. */
final class Deadline {
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Runnable onDue;
    private long timer = NONE;

    Deadline(Vertx vertx, Runnable onDue) {
        this.vertx = vertx;
        this.onDue = onDue;
    }

    /** Sets the timer to {@code deadlineNanos} of {@link System#nanoTime()}, or switches it off. */
    void follow(OptionalLong deadlineNanos) {
        cancel();
        if (deadlineNanos.isPresent()) {
            long delayNanos = deadlineNanos.getAsLong() - System.nanoTime();
            // Vert.x timers count whole milliseconds, at least one.
            long delayMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos) + 1);
            timer = vertx.setTimer(delayMillis, fired -> {
                timer = NONE;
                onDue.run();
            });
        }
    }

    void cancel() {
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
