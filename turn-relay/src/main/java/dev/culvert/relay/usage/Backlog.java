package dev.culvert.relay.usage;

import dev.culvert.relay.usage.UsageEvent.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that wait for an outlet which may refuse them for a while, as a full disk does. What finds no room is told in the
 * next line that does. Owned by one thread; only the counts are read by others.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final int CHUNK_BYTES = 1 << 18;

    private final String name;
    private final LineOutlet outlet;
    private final long capacityBytes;
    private final OutletCounts counts;
    private final Deque<EventLine> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** Since the last line that was taken. */
    private long lost;

    private boolean isRefused;
    private boolean isLosing;

    /** How often each of these began. */
    private long refusals;

    private long losses;

    /** @param name for people */
    Backlog(String name, LineOutlet outlet, long capacityBytes, OutletCounts counts) {
        this.name = name;
        this.outlet = outlet;
        this.capacityBytes = capacityBytes;
        this.counts = counts;
    }

    /** Takes a line to be written, or drops it. */
    void add(EventLine line) {
        boolean isSpared = line.weight() == Weight.INTERIM && outlet.isShortOfRoom();
        if (isSpared || !line.weight().fits(waitingBytes, capacityBytes)) {
            lose(1);
            return;
        }
        EventLine whole = line.telling(lost);
        lost = 0;
        waiting.add(whole);
        waitingBytes += whole.lengthBytes();
    }

    /** Notes events that were dropped before they were lines. */
    void lose(long events) {
        if (events == 0) {
            return;
        }
        lost += events;
        counts.lost.add(events);
        if (!isLosing && isWorthALine(++losses)) {
            LOG.error("{}: no room for usage events; the next one that is written tells how many are missing", name);
        }
        isLosing = true;
    }

    /** Writes what waits, as far as the outlet takes it. */
    void flush() {
        while (!waiting.isEmpty()) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(waitingBytes, CHUNK_BYTES));
            int count = fill(chunk);
            try {
                outlet.append(chunk.flip(), count);
            } catch (IOException e) {
                onRefusal(e);
                return;
            }
            forget(count);
        }
        if (isRefused && isWorthALine(refusals)) {
            LOG.info("{}: usage events are written again", name);
        }
        isRefused = false;
        isLosing = false;
    }

    /** Not each time: the 1st, 2nd, 4th, 8th, … */
    private static boolean isWorthALine(long count) {
        return Long.bitCount(count) == 1;
    }

    private int fill(ByteBuffer chunk) {
        int count = 0;
        for (EventLine line : waiting) {
            if (line.lengthBytes() > chunk.remaining()) {
                break;
            }
            chunk.put(line.json()).put((byte) '\n');
            count++;
        }
        return count;
    }

    private void forget(int count) {
        for (int i = 0; i < count; i++) {
            waitingBytes -= waiting.remove().lengthBytes();
        }
        counts.written.add(count);
    }

    private void onRefusal(IOException e) {
        counts.failures.increment();
        if (!isRefused && isWorthALine(++refusals)) {
            LOG.error("{}: {}; usage events wait in memory until it takes them", name, FailureText.of(e));
        }
        isRefused = true;
    }

    /** Tries once more, and says what could not be written. */
    void finish() {
        flush();
        if (!waiting.isEmpty()) {
            LOG.error("{}: {} usage events could not be written", name, waiting.size());
            counts.lost.add(waiting.size());
        }
    }
}
