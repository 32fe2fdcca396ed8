package dev.culvert.ice.gather;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;

/** What happened while gathering, in the order in which it is to be trickled (RFC 8838 §9). */
public sealed interface GatherEvent {
    /** When, counted from the start. */
    Duration at();

    /**
     * A candidate is there.
     *
     * @param took how long its source took: from the first request to the answer, or to bind the socket
     * @param requests how many requests were sent to the source; 0 for a host candidate
     */
    record Gathered(Duration at, Candidate candidate, GatherSource source, Duration took, int requests)
            implements GatherEvent {}

    /** An address was learned that is no news: a candidate has this address and base already (RFC 8445 §5.1.3). */
    record Redundant(Duration at, CandidateType type, TransportAddress address, GatherSource source, Duration took)
            implements GatherEvent {}

    /** A source gives no candidate, or not all of its candidates. */
    record Failed(Duration at, GatherSource source, GatherFailure failure) implements GatherEvent {}

    /** Multicast DNS is not answered on an interface, so that nobody there resolves the names of hidden addresses. */
    record Unanswered(Duration at, String interfaceName, String reason) implements GatherEvent {}

    /** A server's name has no address; {@code reason} is the resolver's. */
    record Unresolved(Duration at, String server, String reason) implements GatherEvent {}

    /**
     * The first candidate by which a peer elsewhere may reach this host: one that a server or router vouches for, or,
     * where none is asked or none answers, a host candidate.
     */
    record FirstUsable(Duration at, Candidate candidate) implements GatherEvent {}

    /**
     * Whatever has not answered by now is likely dead: the wait was twice the slowest round trip of those that did. What
     * comes later is still told. Where servers are asked, routers are not waited for.
     */
    record Settled(Duration at) implements GatherEvent {}

    /** No candidate will follow: the end-of-candidates indication of RFC 8838 §13. */
    record Complete(Duration at) implements GatherEvent {}

    /** A candidate that was told is of no use any more. */
    record Lost(Duration at, Candidate candidate, GatherSource source, GatherFailure failure) implements GatherEvent {}

    /** All allocations have been deleted, as far as is known; the sockets may be closed. The last event. */
    record Closed(Duration at) implements GatherEvent {}
}
