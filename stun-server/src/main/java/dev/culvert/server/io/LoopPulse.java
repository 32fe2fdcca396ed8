package dev.culvert.server.io;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;

/** Whether the event loops of a server still do their work. Used by any thread. */
public final class LoopPulse {
    private final List<Context> loops;

    private LoopPulse(List<Context> loops) {
        this.loops = loops;
    }

    /** Of the first {@code count} event loops of {@code vertx}. */
    public static LoopPulse of(Vertx vertx, int count) {
        return new LoopPulse(EventLoops.of(vertx, count).contexts());
    }

    /** Completes when every event loop has come round to it; not while one of them hangs. */
    public Future<Void> beat() {
        return Future.all(loops.stream().map(LoopPulse::beat).toList()).mapEmpty();
    }

    private static Future<Void> beat(Context loop) {
        Promise<Void> beaten = Promise.promise();
        loop.runOnContext(beaten::complete);
        return beaten.future();
    }
}
