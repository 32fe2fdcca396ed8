package dev.culvert.testkit.net;

import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory, run in virtual time by one thread.
 *
 * <p>Whatever chance decides comes from one seed: the same program with the same seed gives the same {@link #trace()}.
 * Nothing moves until {@link #runFor}, {@link #runUntil} or {@link #runUntilIdle} is called; handlers and timers run
 * inside that call. Not thread-safe.
 */
public final class SimulatedNetwork {
    private static final int MAX_EVENTS_PER_RUN = 10_000_000;

    private final VirtualClock clock;
    private final RandomGenerator random;
    private final Trace trace = new Trace(this);
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Segment internet;
    private long scheduled;

    /** A network whose clock starts at {@link Long#MIN_VALUE}, so that wrong comparisons of time show. */
    public SimulatedNetwork(long seed) {
        this(seed, VirtualClock.startingAt(Long.MIN_VALUE));
    }

    /** A network on this clock, which it moves while it runs. */
    public SimulatedNetwork(long seed, VirtualClock clock) {
        this.clock = clock;
        random = new SplittableRandom(seed);
        internet = new Segment(this, "internet", null);
    }

    /** The segment on which public addresses live. */
    public Segment internet() {
        return internet;
    }

    /** A new segment whose way out is {@code uplink}. */
    public Segment segmentBehind(Gateway uplink) {
        return new Segment(this, "inside of " + uplink.name(), uplink);
    }

    /** The clock that this network moves; who moves it by hand makes overdue events run late. */
    public VirtualClock clock() {
        return clock;
    }

    /** The present, as handlers and timers see it. */
    public long nowNanos() {
        return clock.nowNanos();
    }

    /** The one source of chance; code under test may draw from it too. */
    public RandomGenerator random() {
        return random;
    }

    /** What has happened to every datagram so far. */
    public Trace trace() {
        return trace;
    }

    /** Runs {@code action} at that moment, or as soon as possible if it has passed. */
    public Timer at(long atNanos, Runnable action) {
        Event event = new Event(atNanos, scheduled++, action);
        events.add(event);
        return event;
    }

    /** Runs {@code action} after {@code delay}. */
    public Timer after(Duration delay, Runnable action) {
        return at(nowNanos() + delay.toNanos(), action);
    }

    /** Lets {@code span} of virtual time pass, with all that happens in it. */
    public void runFor(Duration span) {
        runUntil(() -> false, span);
    }

    /**
     * Runs until {@code condition} holds, but for no longer than {@code limit} of virtual time.
     *
     * @return whether the condition holds; if not, the limit has passed
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long endNanos = nowNanos() + limit.toNanos();
        for (int count = 0; !condition.getAsBoolean(); count++) {
            Event next = next();
            if (next == null || next.atNanos - endNanos > 0) {
                clock.advanceTo(endNanos);
                return condition.getAsBoolean();
            }
            step(next, count);
        }
        return true;
    }

    /** Runs until nothing is on its way and no timer is set. */
    public void runUntilIdle() {
        int count = 0;
        for (Event next = next(); next != null; next = next()) {
            step(next, count++);
        }
    }

    private @Nullable Event next() {
        while (!events.isEmpty() && events.element().cancelled) {
            events.remove();
        }
        return events.peek();
    }

    private void step(Event next, int count) {
        if (count >= MAX_EVENTS_PER_RUN) {
            throw new IllegalStateException("still busy after " + count + " events at " + clock);
        }
        events.remove();
        clock.advanceTo(next.atNanos);
        next.action.run();
    }

    /** A moment at which something will run, unless it is cancelled. */
    public interface Timer {
        /** Forgets what was to run; without effect if it has run. */
        void cancel();
    }

    private static final class Event implements Timer, Comparable<Event> {
        private final long atNanos;
        private final long order;
        private final Runnable action;
        private boolean cancelled;

        Event(long atNanos, long order, Runnable action) {
            this.atNanos = atNanos;
            this.order = order;
            this.action = action;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
