package dev.culvert.ice.diagnosis;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an examination over one transport has found.
 *
 * @param transport to the server
 * @param server the address that was used; empty where none was reached
 * @param steps in their order, up to the one that failed
 * @param allocated what the server granted
 * @param roundTrips between two allocations
 * @param throughput from one allocation to another
 * @param outside whether others reach the allocation
 * @param findings what should be mended
 * @param verdict what it comes to
 */
public record TransportReport(
        ServerTransport transport,
        Optional<TransportAddress> server,
        List<ExaminationStep> steps,
        Optional<TurnEvent.Allocated> allocated,
        Optional<RoundTripSummary> roundTrips,
        Optional<ThroughputSummary> throughput,
        RelayFacts.Passage outside,
        List<TurnFinding> findings,
        Verdict verdict) {
    public TransportReport {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /** What it comes to. */
    public enum Verdict {
        /** Datagrams are relayed. */
        WORKS,
        /** There is an allocation, but nothing passes, or nobody else reaches it. */
        NOTHING_PASSES,
        /** There is an allocation, but whether anything passes could not be measured. */
        NOT_MEASURED,
        /** The server, or its host, says no. */
        REFUSED,
        /** No answer. */
        UNREACHABLE
    }
}
