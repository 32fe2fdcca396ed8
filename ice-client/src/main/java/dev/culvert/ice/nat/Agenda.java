package dev.culvert.ice.nat;

import java.util.OptionalLong;
import java.util.PriorityQueue;

/** What is to be done at which moment. Moments are compared by difference. Owned by one thread. */
final class Agenda {
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long added;

    /** Does {@code action} at {@code atNanos}, or as soon as possible where that has passed. */
    void at(long atNanos, Runnable action) {
        entries.add(new Entry(atNanos, added++, action));
    }

    /** Does what is due, in order. */
    void runDue(long nowNanos) {
        for (Entry first = entries.peek(); first != null && first.atNanos - nowNanos <= 0; first = entries.peek()) {
            entries.remove();
            first.action.run();
        }
    }

    OptionalLong nextNanos() {
        Entry first = entries.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.atNanos);
    }

    /** The earlier of two moments, of which either may be missing. */
    static OptionalLong earlier(OptionalLong a, OptionalLong b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return a.getAsLong() - b.getAsLong() <= 0 ? a : b;
    }

    void clear() {
        entries.clear();
    }

    private record Entry(long atNanos, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
