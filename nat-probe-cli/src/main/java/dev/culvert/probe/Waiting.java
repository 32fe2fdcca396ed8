package dev.culvert.probe;

import dev.culvert.ice.vertx.NetworkException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on the main thread for what the event loop does. */
final class Waiting {
    private Waiting() {}

    /** The result of {@code future}, or its failure. */
    static <T> T atMost(Duration limit, String what, Future<T> future) throws NetworkException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NetworkException.TimedOut(
                    what + ": no result within " + limit.toMillis() + " ms; try a longer --timeout", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException.TimedOut(what + ": interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NetworkException known) {
                throw known;
            }
            throw new IllegalStateException(what + " failed", e.getCause());
        }
    }
}
