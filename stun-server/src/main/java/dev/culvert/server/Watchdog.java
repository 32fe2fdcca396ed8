package dev.culvert.server;

import dev.culvert.server.io.LoopPulse;
import io.vertx.core.Vertx;

/** Tells systemd again and again that the server is alive, for as long as every event loop does its work. */
final class Watchdog {
    private Watchdog() {}

    /** Begins, if systemd waits for it, and ends with {@code vertx}, of which {@code threads} event loops serve. */
    static void start(Vertx vertx, int threads, ServiceNotifier notifier) {
        LoopPulse pulse = LoopPulse.of(vertx, threads);
        notifier.watchdogPeriod()
                .ifPresent(period -> vertx.setPeriodic(
                        period.toMillis(), timer -> pulse.beat().onSuccess(allCameRound -> notifier.alive())));
    }
}
