package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import java.time.Instant;
import java.util.List;

/** Something about the way to the outside has changed, or was seen for the first time. */
public sealed interface WatchEvent {
    /** When it was noticed. */
    Instant at();

    /**
     * The addresses at which servers see this host.
     *
     * @param before empty at first, and while nothing answers
     * @param after empty where nothing answers
     */
    record ExternalAddress(Instant at, List<IpAddress> before, List<IpAddress> after) implements WatchEvent {
        public ExternalAddress {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** Whether a server answers; told of each at first. */
    record Reachability(Instant at, ProbeServer server, boolean answers) implements WatchEvent {}

    /** What the NAT is; told at first, and whenever a new classification says something else. */
    record Behavior(Instant at, Verdict verdict) implements WatchEvent {}
}
