package dev.culvert.server.io;

import java.util.ArrayList;
import java.util.List;

/** Whoever has something queued on an event loop, until the end of the present batch. Owned by that loop's thread. */
final class Outbox {
    private final List<Sender> waiting = new ArrayList<>();

    /** A socket that queues what it is to send. */
    @FunctionalInterface
    interface Sender {
        /** Hands all that is queued to the network stack. */
        void flush();
    }

    /** Remembers {@code sender}, which comes once until it has been flushed. */
    void add(Sender sender) {
        waiting.add(sender);
    }

    /**
     * Flushes all in the order in which they came, those too that come meanwhile, and those too that come behind one that
     * fails.
     *
     * @throws RuntimeException the first failure, after all have had their turn
     */
    void flush() {
        RuntimeException failure = null;
        for (int i = 0; i < waiting.size(); i++) {
            try {
                waiting.get(i).flush();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        waiting.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
