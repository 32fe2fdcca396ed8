package dev.culvert.ice.vertx;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** One Vert.x timer that follows a core's next deadline. Owned by one event loop. */
final class Deadline {
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Runnable onDue;
    private long timer = NONE;
    private long timerNanos;

    Deadline(Vertx vertx, Runnable onDue) {
        this.vertx = vertx;
        this.onDue = onDue;
    }

    /** Sets the timer to {@code deadlineNanos} of {@link System#nanoTime()}, or switches it off. */
    void follow(OptionalLong deadlineNanos) {
        if (timer != NONE && deadlineNanos.isPresent() && deadlineNanos.getAsLong() == timerNanos) {
            return;
        }
        cancel();
        if (deadlineNanos.isPresent()) {
            timerNanos = deadlineNanos.getAsLong();
            long delayNanos = timerNanos - System.nanoTime();
            // Vert.x timers count whole milliseconds, at least one.
            long delayMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos) + 1);
            timer = vertx.setTimer(delayMillis, fired -> {
                timer = NONE;
                onDue.run();
            });
        }
    }

    /** Sets the timer to {@code delay} from now. */
    void comeAfter(Duration delay) {
        follow(OptionalLong.of(System.nanoTime() + delay.toNanos()));
    }

    void cancel() {
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
