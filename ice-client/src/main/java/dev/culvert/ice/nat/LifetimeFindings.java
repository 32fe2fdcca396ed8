package dev.culvert.ice.nat;

import dev.culvert.ice.nat.LifetimeRung.Outcome;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Draws the conclusions from all mappings of a lifetime measurement. */
final class LifetimeFindings {
    /** What remains of a confidence where rungs contradict each other. */
    private static final double LOW_CONFIDENCE = 0.9;

    private final LifetimePlan plan;
    private final LifetimeControl control;
    private final List<LifetimeRung> rungs = new ArrayList<>();
    private final List<String> caveats = new ArrayList<>();

    LifetimeFindings(LifetimePlan plan, LifetimeControl control, List<RungWatch> watches) {
        this.plan = plan;
        this.control = control;
        for (RungWatch watch : watches) {
            boolean portsChange = watches.stream()
                    .anyMatch(other -> other.ladder() == watch.ladder()
                            && other.idle().compareTo(watch.idle()) > 0
                            && other.hasExpired());
            rungs.add(watch.toRung(portsChange));
        }
        rungs.sort(Comparator.comparing(LifetimeRung::ladder).thenComparing(LifetimeRung::idle));
    }

    LifetimeReport toReport(double loss) {
        LifetimeInterval fresh = interval(Ladder.FRESH);
        LifetimeInterval stream = interval(Ladder.STREAM);
        return new LifetimeReport(
                plan.server(),
                control.method(),
                control.why(),
                translated(),
                control.mapped(),
                fresh,
                stream,
                rungs,
                KeepaliveAdvice.of(fresh, stream),
                caveats,
                loss);
    }

    private boolean translated() {
        return control.mapped()
                .filter(mapped -> !isOwn(mapped, control.localPort()))
                .isPresent();
    }

    private boolean isOwn(TransportAddress mapped, int localPort) {
        return plan.localAddresses().contains(mapped.ip()) && mapped.port() == localPort;
    }

    private LifetimeInterval interval(Ladder ladder) {
        List<LifetimeRung> own =
                rungs.stream().filter(rung -> rung.ladder() == ladder).toList();
        Optional<Duration> atLeast =
                with(own, Outcome.ALIVE).stream().map(LifetimeRung::idle).max(Comparator.naturalOrder());
        List<LifetimeRung> expired = with(own, Outcome.EXPIRED);
        List<LifetimeRung> contradicting = expired.stream()
                .filter(rung -> atLeast.filter(alive -> alive.compareTo(rung.idle()) > 0)
                        .isPresent())
                .toList();
        contradicting.forEach(rung -> caveats.add(ladder.text() + ": the mapping that was idle for "
                + rung.idle().toSeconds() + " s did not answer, longer idle ones did"));
        Optional<LifetimeRung> shortestGone =
                expired.stream().filter(rung -> !contradicting.contains(rung)).findFirst();
        double confidence = shortestGone.map(LifetimeRung::confidence).orElse(0.0);
        return new LifetimeInterval(
                ladder,
                atLeast,
                shortestGone.map(LifetimeRung::idle),
                contradicting.isEmpty() ? confidence : Math.min(confidence, LOW_CONFIDENCE),
                atLeast.isPresent() || shortestGone.isPresent() ? "" : whyUnknown(own));
    }

    private static List<LifetimeRung> with(List<LifetimeRung> rungs, Outcome outcome) {
        return rungs.stream().filter(rung -> rung.outcome() == outcome).toList();
    }

    private String whyUnknown(List<LifetimeRung> own) {
        if (control.method() == LifetimeReport.Method.NONE) {
            return control.why();
        }
        String first = own.stream()
                .map(LifetimeRung::why)
                .filter(why -> !why.isEmpty())
                .findFirst()
                .orElse("nothing was measured");
        return control.why().isEmpty() ? first : control.why() + "; used again, a mapping shows " + first;
    }
}
