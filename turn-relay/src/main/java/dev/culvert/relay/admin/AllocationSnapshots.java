package dev.culvert.relay.admin;

import dev.culvert.relay.core.AllocationView;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The allocations as they were a moment ago. However many ask, the event loops are asked once in a while only, and the less
 * often the longer it takes them. Used by any thread that may be blocked.
 */
final class AllocationSnapshots {
    private static final long PATIENCE_SECONDS = 10;
    private static final long MIN_AGE_NANOS = Duration.ofMillis(900).toNanos();

    /** Taking snapshots takes one part in so many of the time. */
    private static final int SHARE = 50;

    private final RelayDesk relay;
    private List<AllocationView> taken = List.of();
    private boolean stale = true;
    private long takenAtNanos;
    private long validNanos;

    AllocationSnapshots(RelayDesk relay) {
        this.relay = relay;
    }

    /** All allocations by their ids. */
    synchronized List<AllocationView> recent() {
        long now = System.nanoTime();
        if (stale || now - takenAtNanos > validNanos) {
            taken = take().stream()
                    .sorted(Comparator.comparing(AllocationView::id, Long::compareUnsigned))
                    .toList();
            stale = false;
            takenAtNanos = System.nanoTime();
            validNanos = Math.max(MIN_AGE_NANOS, SHARE * (takenAtNanos - now));
        }
        return taken;
    }

    /** Ends an allocation; who asks next does not see it any more. */
    synchronized boolean end(long id) {
        stale = true;
        return await(relay.end(id));
    }

    private List<AllocationView> take() {
        return await(relay.allocations());
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loops do not tell", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
