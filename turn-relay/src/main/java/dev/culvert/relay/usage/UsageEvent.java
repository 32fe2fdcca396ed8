package dev.culvert.relay.usage;

import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.time.Instant;
import java.util.List;

/** What is told of one allocation at one moment. */
sealed interface UsageEvent {
    Instant time();

    Subject subject();

    /** The allocation that is meant. */
    record Subject(long allocation, FiveTuple flow, String username, String userId, List<TransportAddress> relayed) {}

    /** It was created. */
    record Start(Instant time, Subject subject) implements UsageEvent {
        static Start of(AllocationCreated created, Instant time) {
            return new Start(
                    time,
                    new Subject(created.id(), created.flow(), created.username(), created.userId(), created.relayed()));
        }
    }

    /** It goes on; {@code traffic} is all since its start. */
    record Interim(Instant time, Subject subject, long durationNanos, Traffic traffic) implements UsageEvent {
        static Interim of(AllocationView view, Instant time) {
            Subject subject = new Subject(view.id(), view.flow(), view.username(), view.userId(), view.relayed());
            return new Interim(time, subject, view.ageNanos(), view.traffic());
        }
    }

    /** It ended; {@code traffic} is all that was relayed for it. */
    record Stop(Instant time, Subject subject, long durationNanos, Traffic traffic, EndReason reason)
            implements UsageEvent {
        static Stop of(AllocationEnded ended, Instant time) {
            Subject subject = new Subject(ended.id(), ended.flow(), ended.username(), ended.userId(), ended.relayed());
            return new Stop(time, subject, ended.durationNanos(), ended.traffic(), ended.reason());
        }
    }

    /** How much would be missing without it. */
    default Weight weight() {
        if (this instanceof Interim) {
            return Weight.INTERIM;
        }
        return this instanceof Start ? Weight.START : Weight.STOP;
    }

    /** What is dropped first where room is short: a stop says all that interims and the start have said. */
    enum Weight {
        INTERIM(4),
        START(2),
        STOP(1);

        private final int part;

        Weight(int part) {
            this.part = part;
        }

        /** Whether one of this weight finds room where {@code taken} of {@code capacity} is in use. */
        boolean fits(long taken, long capacity) {
            return taken < capacity / part;
        }
    }
}
