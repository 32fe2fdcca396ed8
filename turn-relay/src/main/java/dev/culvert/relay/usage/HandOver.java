package dev.culvert.relay.usage;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events on their way from the event loops to the one thread that writes them. Never waits; where room is short, what
 * says the least is dropped first. Used by any thread.
 */
final class HandOver {
    private final Queue<UsageEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final int capacity;

    HandOver(int capacity) {
        this.capacity = capacity;
    }

    /** Takes an event, or counts it as dropped. */
    void add(UsageEvent event) {
        if (!event.weight().fits(taken.get(), capacity)) {
            dropped.incrementAndGet();
            return;
        }
        taken.incrementAndGet();
        events.add(event);
    }

    /** The next event; for one thread. */
    Optional<UsageEvent> poll() {
        UsageEvent event = events.poll();
        if (event != null) {
            taken.decrementAndGet();
        }
        return Optional.ofNullable(event);
    }

    /** How many were dropped since the last call. */
    long takeDropped() {
        return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
    }
}
