package dev.culvert.relay.usage;

import java.util.List;
import java.util.Optional;

/** Numbers events, and writes them to every outlet. Owned by one thread. */
final class UsageWriter {
    private static final int BATCH = 1_000;

    private final HandOver handOver;
    private final EventText text;
    private final List<Backlog> outlets;
    private long sequence;

    UsageWriter(HandOver handOver, EventText text, List<Backlog> outlets) {
        this.handOver = handOver;
        this.text = text;
        this.outlets = outlets;
    }

    /** Writes what was handed over until now. Blocks while the disk does. */
    void turn() {
        int taken = BATCH;
        while (taken == BATCH) {
            // Their numbers are used up, so that the gap is seen.
            long dropped = handOver.takeDropped();
            sequence += dropped;
            outlets.forEach(outlet -> outlet.lose(dropped));
            taken = take();
            outlets.forEach(Backlog::flush);
        }
    }

    private int take() {
        int taken = 0;
        for (; taken < BATCH; taken++) {
            Optional<UsageEvent> event = handOver.poll();
            if (event.isEmpty()) {
                return taken;
            }
            EventLine line = text.line(event.get(), ++sequence);
            outlets.forEach(outlet -> outlet.add(line));
        }
        return taken;
    }

    /** Writes the last events. */
    void finish() {
        turn();
        outlets.forEach(Backlog::finish);
    }
}
