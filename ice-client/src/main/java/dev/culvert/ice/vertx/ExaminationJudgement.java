package dev.culvert.ice.vertx;

import dev.culvert.ice.diagnosis.RelayFacts;
import dev.culvert.ice.diagnosis.RelayFacts.Passage;
import dev.culvert.ice.diagnosis.RelayFindings;
import dev.culvert.ice.diagnosis.RoundTripSummary;
import dev.culvert.ice.diagnosis.TransportReport;
import dev.culvert.ice.diagnosis.TurnFinding;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.TurnError;
import java.util.ArrayList;
import java.util.List;

/** What follows from what an examination sees: findings and verdict. Mutable, owned by one event loop. */
final class ExaminationJudgement {
    private final ExaminationPlan plan;
    private final List<TurnFinding> findings = new ArrayList<>();
    private Passage between = Passage.NOT_TRIED;
    private Passage outside = Passage.NOT_TRIED;
    private double loss;
    private TransportReport.Verdict verdict = TransportReport.Verdict.NOT_MEASURED;

    ExaminationJudgement(ExaminationPlan plan) {
        this.plan = plan;
    }

    List<TurnFinding> findings() {
        return findings;
    }

    /** Whether a plain socket reached the relay. */
    Passage outside() {
        return outside;
    }

    TransportReport.Verdict verdict() {
        return verdict;
    }

    /** There is no allocation, or only one. */
    void onFailure(Throwable cause) {
        findings.add(FailureFindings.of(cause, plan));
        boolean isSilence = cause instanceof NetworkException.TimedOut || cause instanceof NetworkException.Unreachable;
        verdict = isSilence ? TransportReport.Verdict.UNREACHABLE : TransportReport.Verdict.REFUSED;
    }

    /** The two allocations may not talk to each other. */
    void onNotMet(Throwable cause) {
        between = isForbidden(cause) ? Passage.FORBIDDEN : Passage.NOT_TRIED;
    }

    /** The two allocations have talked; returns whether anything came back. */
    boolean onRoundTrips(RoundTripSummary summary) {
        loss = summary.loss();
        between = summary.received() > 0 ? Passage.PASSED : Passage.SILENT;
        return between == Passage.PASSED;
    }

    void onReachedFromOutside() {
        outside = Passage.PASSED;
    }

    /** Returns whether that says nothing, since this is the server's own host. */
    boolean onNotReachedFromOutside(Throwable cause, boolean isOwnHost) {
        outside = passageOf(cause);
        // A server may keep its own host from its clients, but for its relay ports.
        boolean isItsRight = outside == Passage.SILENT && isOwnHost;
        if (isItsRight) {
            outside = Passage.NOT_TRIED;
        }
        return isItsRight;
    }

    private static Passage passageOf(Throwable cause) {
        if (isForbidden(cause)) {
            return Passage.FORBIDDEN;
        }
        return cause instanceof TurnException || cause instanceof NetworkException ? Passage.NOT_TRIED : Passage.SILENT;
    }

    static boolean isForbidden(Throwable cause) {
        return cause instanceof TurnException told
                && told.failure()
                        .refusal()
                        .filter(error -> error == TurnError.FORBIDDEN)
                        .isPresent();
    }

    /** There were two allocations, and all that could be tried with them was. */
    void onRelayTried(TurnConnection first, ServerTransport transport) {
        findings.addAll(RelayFindings.of(new RelayFacts(
                first.server().address(),
                first.relayed(),
                first.mapped().ip(),
                transport == ServerTransport.UDP,
                between,
                outside,
                loss)));
        FailureFindings.ofClocks(plan).ifPresent(findings::add);
        first.certificate()
                .flatMap(certificate -> FailureFindings.ofCertificate(certificate, plan))
                .ifPresent(findings::add);
        if (findings.stream().anyMatch(ExaminationJudgement::isClosed)) {
            verdict = TransportReport.Verdict.NOTHING_PASSES;
        } else if (between == Passage.PASSED || outside == Passage.PASSED) {
            verdict = TransportReport.Verdict.WORKS;
        }
    }

    private static boolean isClosed(TurnFinding finding) {
        return switch (finding.kind()) {
            case WRONG_EXTERNAL_ADDRESS, RELAY_PORTS_CLOSED, CLOSED_TO_OTHERS -> true;
            default -> false;
        };
    }
}
