package dev.culvert.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Packets from one end to the other, numbered, each accounted for. A window of them is outstanding at a time: whatever
 * arrives or is lost lets the next one out. Mutable, owned by the generator's thread.
 */
final class Flow {
    static final Duration LOST_AFTER = Duration.ofMillis(200);

    /** What a slot holds before anything was sent, and after a loss. */
    private static final long NOTHING = Long.MIN_VALUE;

    private static final int MIN_SLOTS = 16;
    private static final int SLOTS_PER_PLACE = 64;

    private final int number;
    private final Route route;
    private final Packet packet;
    private final int window;
    private final Tally tally;
    private final LongConsumer latencies;

    /** By sequence number: the number itself while it is outstanding, its complement once it has arrived. */
    private final long[] slots;

    private final long[] sentNanos;
    private long next;
    private long highest = -1;
    private int outstanding;
    private boolean running;

    /**
     * How the packets of a flow travel.
     *
     * @param out takes one packet at the end where it leaves
     * @param inlet the socket at which it must arrive
     * @param origin from where it must seem to come, as {@link Inlets} writes it
     */
    record Route(Sender out, Object inlet, long origin) {
        /** Takes one packet, between position and limit. */
        @FunctionalInterface
        interface Sender {
            void send(ByteBuffer packet);
        }
    }

    /** @param latencies takes the nanoseconds that each packet was on its way */
    Flow(int number, Route route, Packet packet, int window, Tally tally, LongConsumer latencies) {
        this.number = number;
        this.route = route;
        this.packet = packet;
        this.window = window;
        this.tally = tally;
        this.latencies = latencies;
        int count = Math.max(MIN_SLOTS, window == 1 ? 1 : Integer.highestOneBit(window * SLOTS_PER_PLACE));
        this.slots = new long[count];
        this.sentNanos = new long[count];
        Arrays.fill(slots, NOTHING);
    }

    /** Fills the window, and keeps it full. */
    void start() {
        running = true;
        fill();
    }

    void stop() {
        running = false;
    }

    private void fill() {
        while (running && outstanding < window) {
            send(System.nanoTime());
        }
    }

    /** Sends one packet, whose time begins at {@code dueNanos}. */
    void send(long dueNanos) {
        int slot = slotOf(next);
        if (slots[slot] >= 0) {
            lose(slot); // so far behind that its slot is needed
        }
        slots[slot] = next;
        sentNanos[slot] = dueNanos;
        outstanding++;
        route.out.send(packet.write(number, next++));
    }

    /** Takes a packet of this flow, whole, that came in by {@code inlet}. */
    void onArrival(Object inlet, long origin, int lengthBytes, long sequence) {
        if (sequence < 0 || sequence >= next || lengthBytes != packet.lengthBytes()) {
            tally.corrupted++;
            return;
        }
        if (!inlet.equals(route.inlet) || origin != route.origin) {
            tally.misdelivered++;
            return;
        }
        int slot = slotOf(sequence);
        if (slots[slot] != sequence) {
            count(slots[slot] == ~sequence);
            return;
        }
        slots[slot] = ~sequence;
        outstanding--;
        tally.delivered++;
        if (sequence < highest) {
            tally.reordered++;
        }
        highest = Math.max(highest, sequence);
        latencies.accept(System.nanoTime() - sentNanos[slot]);
        fill();
    }

    private void count(boolean isDuplicate) {
        if (isDuplicate) {
            tally.duplicated++;
        } else {
            tally.late++;
        }
    }

    /** Gives up what has been on its way for too long. */
    void expire(long nowNanos) {
        for (int slot = 0; outstanding > 0 && slot < slots.length; slot++) {
            if (slots[slot] >= 0 && nowNanos - sentNanos[slot] > LOST_AFTER.toNanos()) {
                lose(slot);
            }
        }
        fill();
    }

    private void lose(int slot) {
        slots[slot] = NOTHING;
        outstanding--;
        tally.lost++;
    }

    private int slotOf(long sequence) {
        return (int) sequence & slots.length - 1;
    }
}
