package dev.culvert.ice.vertx;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Brings calls from anywhere to one event loop. */
final class LoopCalls {
    private final Context context;

    LoopCalls(Context context) {
        this.context = context;
    }

    /** Calls on the event loop: at once where this is it. A caller's mistake fails the future. */
    <T> Future<T> call(Supplier<Future<T>> call) {
        if (Vertx.currentContext() == context) {
            return guarded(call);
        }
        Promise<T> promise = Promise.promise();
        context.runOnContext(onLoop -> guarded(call).onComplete(promise));
        return promise.future();
    }

    private static <T> Future<T> guarded(Supplier<Future<T>> call) {
        try {
            return call.get();
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }
}
