package dev.culvert.ice.gather;

import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** Waits for a router's mapping of a port of this host. Mutable, owned by one thread. */
final class MappingTask extends GatherTask {
    /** The service has to find the router first. */
    private static final int ROUND_TRIPS = 4;

    MappingTask(
            Gathering gathering, BaseSocket socket, GatherSource source, int sourceRank, @Nullable GatherTask lower) {
        super(gathering, socket, source, sourceRank, lower);
    }

    @Override
    String server() {
        return source().name();
    }

    @Override
    String transport() {
        return Candidate.UDP;
    }

    @Override
    int roundTrips() {
        return ROUND_TRIPS;
    }

    @Override
    int requests() {
        return 1;
    }

    @Override
    void run(long nowNanos) {
        gathering().out().map(source().name(), socket().local());
    }

    void onMapped(TransportAddress external, long nowNanos) {
        if (!isRunning()) {
            return;
        }
        offer(CandidateType.SRFLX, external, socket().local(), nowNanos);
        succeed(nowNanos, false);
    }

    void onEnded(String reason, long nowNanos) {
        GatherFailure failure = new GatherFailure.NoMapping(reason);
        if (isRunning()) {
            fail(failure, nowNanos);
            return;
        }
        gathering().lose(source(), CandidateType.SRFLX, failure, nowNanos);
    }
}
