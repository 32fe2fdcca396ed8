package dev.culvert.ice.gather;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One socket of this host and one source, and what comes of the two. Mutable, owned by one thread. */
abstract class GatherTask {
    private final Gathering gathering;
    private final BaseSocket socket;
    private final GatherSource source;
    private final int sourceRank;
    private final @Nullable GatherTask lower;
    private final List<Offer> held = new ArrayList<>();
    private State state = State.PLANNED;
    private long startNanos;
    private long progressNanos;

    private enum State {
        PLANNED,
        RUNNING,
        DONE
    }

    /** An address that was learned. */
    record Offer(CandidateType type, TransportAddress address, TransportAddress related, long atNanos) {}

    /**
     * A task that is not started.
     *
     * @param sourceRank 0 for the most preferred of all mapping services and servers
     * @param lower the same task for the component below; null for that of the first
     */
    GatherTask(
            Gathering gathering, BaseSocket socket, GatherSource source, int sourceRank, @Nullable GatherTask lower) {
        this.gathering = gathering;
        this.socket = socket;
        this.source = source;
        this.sourceRank = sourceRank;
        this.lower = lower;
    }

    /** What the foundation knows the source by: the IP address of the server, or the name of a service. */
    abstract String server();

    /** What carries the requests. */
    abstract String transport();

    /** How many round trips it takes where nothing is lost. */
    abstract int roundTrips();

    /** How many requests have been sent. */
    abstract int requests();

    /** What keeps it moving happens here; {@link #finish} ends it. */
    abstract void run(long nowNanos);

    /** Called when the task for the component below has ended. */
    void onLowerDone(long nowNanos) {
        release();
    }

    final void start(long nowNanos) {
        state = State.RUNNING;
        startNanos = nowNanos;
        progressNanos = nowNanos;
        run(nowNanos);
    }

    final Gathering gathering() {
        return gathering;
    }

    final BaseSocket socket() {
        return socket;
    }

    final GatherSource source() {
        return source;
    }

    final int sourceRank() {
        return sourceRank;
    }

    final @Nullable GatherTask lower() {
        return lower;
    }

    final boolean isRunning() {
        return state == State.RUNNING;
    }

    final boolean isDone() {
        return state == State.DONE;
    }

    /** When the source last gave a sign of life, or when it was asked. */
    final long progressNanos() {
        return progressNanos;
    }

    final void onProgress(long nowNanos) {
        progressNanos = nowNanos;
    }

    final Duration took(long nowNanos) {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    /** An address was learned: a candidate, unless it is no news. */
    final void offer(CandidateType type, TransportAddress address, TransportAddress related, long nowNanos) {
        held.add(new Offer(type, address, related, nowNanos));
        release();
    }

    /** RFC 8838 §17: no candidate is conveyed before that of a lower component of the same foundation. */
    private void release() {
        if (lower == null || lower.isDone()) {
            List<Offer> ready = List.copyOf(held);
            held.clear();
            ready.forEach(offer -> gathering.take(this, offer));
        }
    }

    /** It came to a good end. */
    final void succeed(long nowNanos, boolean isClean) {
        gathering.onGoodAnswer(took(nowNanos).dividedBy(roundTrips()), isClean);
        finish(nowNanos);
    }

    final void fail(GatherFailure failure, long nowNanos) {
        gathering.tell(new GatherEvent.Failed(gathering.since(nowNanos), source, failure));
        finish(nowNanos);
    }

    private void finish(long nowNanos) {
        if (state != State.DONE) {
            state = State.DONE;
            gathering.onDone(this, nowNanos);
        }
    }
}
