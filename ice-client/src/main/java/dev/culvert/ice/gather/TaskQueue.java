package dev.culvert.ice.gather;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/** Starts tasks one by one, a Ta apart (RFC 8445 §5.1.1.2, §14.2). Mutable, owned by one thread. */
final class TaskQueue {
    private final Pace pace;
    private final long pacingNanos;
    private final PriorityQueue<GatherTask> waiting;
    private long nextNanos;

    TaskQueue(GatherOptions options, Pace pace) {
        this.pace = pace;
        this.pacingNanos = options.pacing().toNanos();
        int sources = Math.max(1, options.mappings().size() + options.servers().size());
        // By the diagonals of the table of bases and servers, so that neither a dead base nor a dead server comes first
        // with all its pairs.
        this.waiting = new PriorityQueue<>(
                Comparator.comparingInt((GatherTask task) -> task.source().component())
                        .thenComparingInt(task -> Math.floorMod(
                                task.sourceRank() - task.socket().base().rank(), sources))
                        .thenComparingInt(task -> task.socket().base().rank()));
    }

    void begin(long nowNanos) {
        nextNanos = nowNanos;
    }

    void add(GatherTask task) {
        waiting.add(task);
    }

    void clear() {
        waiting.clear();
    }

    /** Starts the next task, if its time has come. */
    void startDue(long nowNanos) {
        if (waiting.isEmpty() || pace.earliestNanos(nextNanos) - nowNanos > 0) {
            return;
        }
        onTransaction(nowNanos);
        waiting.remove().start(nowNanos);
    }

    /** A transaction has been started: the next waits for Ta. */
    void onTransaction(long nowNanos) {
        pace.onStarted(nowNanos);
        long base = nextNanos - nowNanos > 0 ? nextNanos : nowNanos;
        nextNanos = base + pacingNanos;
    }

    OptionalLong nextNanos() {
        return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(pace.earliestNanos(nextNanos));
    }
}
