package dev.culvert.ice.gather;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells when there is a usable candidate, when the rest is likely dead, and when all is said. Mutable, owned by one thread. */
final class Milestones {
    /** Round trips that a name look-up is given. */
    private static final int LOOK_UP_ROUND_TRIPS = 2;

    /** How many round trips something that has not answered is given in place of one. */
    private static final long LENIENCY = 2;

    private final Gathering gathering;
    private long slowestNanos;
    private boolean isAnyGood;
    private boolean isAnyClean;
    private boolean isUsable;
    private boolean isSettled;
    private boolean isComplete;
    private int unboundSockets;
    private int unknownServers;

    Milestones(Gathering gathering) {
        this.gathering = gathering;
    }

    boolean isComplete() {
        return isComplete;
    }

    /** How many sockets are being bound, and how many servers' addresses are not known yet. */
    void expect(int sockets, int servers) {
        unboundSockets = sockets;
        unknownServers = servers;
    }

    void onSocketDone(int more) {
        unboundSockets += more - 1;
    }

    void onServerDone() {
        unknownServers--;
    }

    /** A server, or a router, vouches for this candidate. */
    void onVouchedFor(Candidate candidate, Duration at) {
        if (!isUsable) {
            isUsable = true;
            gathering.tell(new GatherEvent.FirstUsable(at, candidate));
        }
    }

    /** An answer came; one that was not asked for twice tells how long the way is. */
    void onGoodAnswer(Duration roundTrip, boolean isClean) {
        isAnyGood = true;
        if (isClean) {
            isAnyClean = true;
            slowestNanos = Math.max(slowestNanos, roundTrip.toNanos());
        }
    }

    void check(long nowNanos) {
        if (isComplete) {
            return;
        }
        Duration at = gathering.since(nowNanos);
        boolean isAnybodyAsked = !gathering.options().servers().isEmpty()
                || !gathering.options().mappings().isEmpty();
        boolean isAllDone = unboundSockets == 0
                && unknownServers == 0
                && gathering.tasks().stream().allMatch(GatherTask::isDone);
        if (isAllDone || !isAnybodyAsked) {
            best().ifPresent(candidate -> onVouchedFor(candidate, at));
        }
        OptionalLong due = settledNanos();
        if (!isSettled && (isAllDone || due.isPresent() && due.getAsLong() - nowNanos <= 0)) {
            isSettled = true;
            gathering.tell(new GatherEvent.Settled(at));
        }
        if (isAllDone) {
            isComplete = true;
            gathering.tell(new GatherEvent.Complete(at));
        }
    }

    private Optional<Candidate> best() {
        return gathering.candidates().all().stream().max(Comparator.comparingLong(Candidate::priority));
    }

    /** When to call {@link #check} though nothing happens. */
    OptionalLong nextNanos() {
        return isSettled || isComplete ? OptionalLong.empty() : settledNanos();
    }

    /** When whatever is silent until then counts as dead; empty while not everything has been asked. */
    private OptionalLong settledNanos() {
        long patienceNanos =
                gathering.startNanos() + gathering.options().patience().toNanos();
        if (!isAnyGood) {
            return OptionalLong.of(patienceNanos);
        }
        if (unboundSockets > 0) {
            return OptionalLong.empty();
        }
        long latest = gathering.startNanos();
        if (unknownServers > 0) {
            latest += waitNanos(LOOK_UP_ROUND_TRIPS);
        }
        for (GatherTask task : gathering.tasks()) {
            if (isAwaitedByNobody(task)) {
                continue;
            }
            if (!task.isDone() && !task.isRunning()) {
                if (isWaitingForTurn(task)) {
                    return OptionalLong.empty();
                }
                continue;
            }
            if (task.isRunning()) {
                long due = task.progressNanos() + waitNanos(task.roundTrips());
                latest = due - latest > 0 ? due : latest;
            }
        }
        return OptionalLong.of(latest);
    }

    /** A router takes seconds to be found missing; beside servers, its mappings are an extra that may come later. */
    private boolean isAwaitedByNobody(GatherTask task) {
        return task instanceof MappingTask && !gathering.options().servers().isEmpty();
    }

    /** What waits for the lower component is as dead as that one. */
    private static boolean isWaitingForTurn(GatherTask task) {
        GatherTask lower = task.lower();
        return lower == null || lower.isDone() || !(task instanceof RelayTask);
    }

    private long waitNanos(int roundTrips) {
        long roundTripNanos =
                isAnyClean ? slowestNanos : gathering.schedule().pauseAfter(0).toNanos();
        // Within a Ta of each other answers count as equally fast.
        return Math.max(
                LENIENCY * roundTrips * roundTripNanos,
                gathering.options().pacing().toNanos());
    }
}
