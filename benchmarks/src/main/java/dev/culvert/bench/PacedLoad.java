package dev.culvert.bench;

import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;

/**
 * Packets by the clock, evenly, one flow after the other, whatever becomes of them. The event loop never sleeps meanwhile:
 * timers are too coarse. A packet's time runs from the moment at which it is due.
 */
final class PacedLoad implements Load {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** So few that what arrives meanwhile finds room. */
    private static final int AT_ONCE = 32;

    /** Where the generator is late by more, it lets packets out: a burst would measure something else. */
    private static final Duration MAX_BEHIND = Duration.ofMillis(10);

    private final FlowLoad flows;
    private final SingleThreadEventLoop loop;
    private final Runnable flush;
    private final long intervalNanos;
    private long dueNanos;
    private int next;
    private boolean running;

    /** @param packetsPerSecond of all flows together */
    PacedLoad(Generator generator, FlowLoad flows, double packetsPerSecond) {
        this.flows = flows;
        ContextInternal context = (ContextInternal) generator.loop().context();
        this.loop = (SingleThreadEventLoop) context.nettyEventLoop();
        this.flush = generator.loop()::flush;
        this.intervalNanos = Math.max(1, Math.round(NANOS_PER_SECOND / packetsPerSecond));
    }

    @Override
    public void start() {
        running = true;
        dueNanos = System.nanoTime();
        sendWhatIsDue();
    }

    private void sendWhatIsDue() {
        if (!running) {
            return;
        }
        List<Flow> all = flows.flows();
        long now = System.nanoTime();
        if (now - dueNanos > MAX_BEHIND.toNanos()) {
            dueNanos = now;
        }
        for (int i = 0; i < AT_ONCE && now - dueNanos >= 0; i++) {
            all.get(next).send(dueNanos);
            next = (next + 1) % all.size();
            dueNanos += intervalNanos;
        }
        flush.run();
        // A task that submits itself would hold off the sockets for up to a second.
        loop.executeAfterEventLoopIteration(() -> loop.execute(this::sendWhatIsDue));
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public void expire(long nowNanos) {
        flows.expire(nowNanos);
    }

    @Override
    public Tally tally() {
        return flows.tally();
    }
}
