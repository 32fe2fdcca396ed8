package dev.culvert.relay.core;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What ends next: a binary heap whose members know their places, so that one that is refreshed or gone leaves nothing
 * behind. Mutable, owned by one thread. Times are compared by difference.
 */
final class Timers {
    /** The place of what is not in the heap. */
    static final int NOWHERE = -1;

    private final List<Timed> heap = new ArrayList<>();

    /** Lets {@code timed} end at {@code untilNanos}, whether it is in the heap already or not. */
    void schedule(Timed timed, long untilNanos) {
        timed.until(untilNanos);
        if (!timed.isScheduled()) {
            timed.heapIndex = heap.size();
            heap.add(timed);
        }
        settle(timed);
    }

    /** Forgets {@code timed}, which need not be in the heap. */
    void cancel(Timed timed) {
        int hole = timed.heapIndex;
        if (hole == NOWHERE) {
            return;
        }
        timed.heapIndex = NOWHERE;
        Timed last = heap.remove(heap.size() - 1);
        if (last != timed) {
            put(last, hole);
            settle(last);
        }
    }

    /** Takes out one whose time has come; null where there is none. */
    @Nullable
    Timed poll(long nowNanos) {
        if (heap.isEmpty() || heap.get(0).untilNanos() - nowNanos > 0) {
            return null;
        }
        Timed first = heap.get(0);
        cancel(first);
        return first;
    }

    /** Takes out the one that is due first, though its time has not come; null where there is none. */
    @Nullable
    Timed pollEarly() {
        return heap.isEmpty() ? null : poll(heap.get(0).untilNanos());
    }

    /** When the next one ends. */
    OptionalLong nextDeadlineNanos() {
        return heap.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(heap.get(0).untilNanos());
    }

    int size() {
        return heap.size();
    }

    private void settle(Timed timed) {
        rise(timed);
        sink(timed);
    }

    private void rise(Timed timed) {
        int at = timed.heapIndex;
        while (at > 0 && isEarlier(timed, heap.get((at - 1) / 2))) {
            put(heap.get((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        put(timed, at);
    }

    private void sink(Timed timed) {
        int at = timed.heapIndex;
        for (int child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
            if (child + 1 < heap.size() && isEarlier(heap.get(child + 1), heap.get(child))) {
                child++;
            }
            if (!isEarlier(heap.get(child), timed)) {
                break;
            }
            put(heap.get(child), at);
            at = child;
        }
        put(timed, at);
    }

    private void put(Timed timed, int at) {
        heap.set(at, timed);
        timed.heapIndex = at;
    }

    private static boolean isEarlier(Timed a, Timed b) {
        return a.untilNanos() - b.untilNanos() < 0;
    }
}
