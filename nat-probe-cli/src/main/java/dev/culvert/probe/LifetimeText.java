package dev.culvert.probe;

import dev.culvert.ice.nat.KeepaliveAdvice;
import dev.culvert.ice.nat.Ladder;
import dev.culvert.ice.nat.LifetimeInterval;
import dev.culvert.ice.nat.LifetimeReport;
import dev.culvert.ice.nat.LifetimeReport.Method;
import dev.culvert.ice.nat.LifetimeRung;
import dev.culvert.ice.nat.LifetimeRung.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** How long mappings live, as people read it. */
final class LifetimeText {
    private final LifetimeReport report;

    LifetimeText(LifetimeReport report) {
        this.report = report;
    }

    String of(int verbosity, boolean quiet, boolean explain, Ansi style) {
        ReportLines lines = new ReportLines(style);
        lines.add("Fresh", interval(report.fresh()));
        lines.add("Stream", interval(report.stream()));
        lines.add("Keepalive", keepalive(report.keepalive()));
        if (!quiet) {
            lines.add("ICE", ice(report.keepalive()));
            lines.add("Why", report.keepalive().why());
            lines.add("Measured", measured());
            if (!report.methodWhy().isEmpty()) {
                lines.add("Note", report.methodWhy());
            }
            report.caveats().forEach(caveat -> lines.add("Doubt", caveat));
        }
        if (verbosity > 0) {
            lines.addBlock(report.rungs().stream().map(LifetimeText::rung).toList());
        }
        return explain ? lines.addBlock(explanation()).toString() : lines.toString();
    }

    /** An interval as {@code ≥ 30 s, < 45 s}. */
    static String interval(LifetimeInterval interval) {
        if (!interval.isKnown()) {
            return "inconclusive: " + interval.why();
        }
        List<String> ends = new ArrayList<>();
        interval.atLeast().ifPresent(idle -> ends.add("≥ " + ReportLines.seconds(idle)));
        interval.lessThan().ifPresent(idle -> ends.add("< " + ReportLines.seconds(idle)));
        return String.join(", ", ends);
    }

    private static String keepalive(KeepaliveAdvice advice) {
        String always = advice.interval()
                .map(interval -> "every " + ReportLines.seconds(interval))
                .orElse("not known");
        return advice.inStreams()
                .filter(interval -> !advice.interval().equals(Optional.of(interval)))
                .map(interval -> always + "; every " + ReportLines.seconds(interval)
                        + " is enough once traffic has gone both ways")
                .orElse(always);
    }

    private static String ice(KeepaliveAdvice advice) {
        return advice.ice()
                .map(interval -> "Tr of " + ReportLines.seconds(interval) + " (RFC 8445 §11)")
                .orElse("no Tr is known to be safe (RFC 8445 §11)");
    }

    private String measured() {
        String by = switch (report.method()) {
            case RESPONSE_PORT -> "answers asked for by a second socket (RESPONSE-PORT, RFC 5780 §4.6)";
            case MAPPING_CHANGE -> "idle sockets used again: a new external port means that the mapping was gone";
            case NONE -> "nothing";
        };
        String what = report.translated() ? "" : "; there is no NAT, so this is what a firewall remembers";
        return "with " + report.server().name() + ", by " + by + what;
    }

    private static String rung(LifetimeRung rung) {
        String why = rung.why().isEmpty() ? "" : " (" + rung.why() + ")";
        String mapped = rung.mapped().map(address -> " at " + address).orElse("");
        return rung.ladder().text() + " " + ReportLines.seconds(rung.idle()) + ": "
                + rung.outcome().text() + why + mapped;
    }

    /** How the result was reached, one line for each step. */
    List<String> explanation() {
        List<String> lines = new ArrayList<>();
        lines.add(
                report.translated()
                        ? "Each idle time has a socket of its own, so that nothing prolongs a mapping that is watched."
                        : "The server sees this host's own address: what is watched is the memory of a firewall.");
        if (report.method() == Method.RESPONSE_PORT) {
            lines.add("When a socket had been idle, the server was asked from another one to answer at it, three times"
                    + " within 200 ms.");
            lines.add("At the same time it was asked to answer at a mapping in use: only where that answer came does"
                    + " silence mean that the idle mapping was gone.");
        } else {
            lines.add("The server cannot answer at another port, so idle sockets were used again: another external port"
                    + " means that the mapping was gone, the same one proves nothing by itself.");
        }
        addLadder(Ladder.FRESH, "After one packet and its answer", report.fresh(), lines);
        addLadder(Ladder.STREAM, "After five seconds of traffic both ways", report.stream(), lines);
        lines.add("Keepalive: " + report.keepalive().why() + ".");
        return lines;
    }

    private void addLadder(Ladder ladder, String before, LifetimeInterval interval, List<String> lines) {
        lines.add(before + ": alive after " + idleTimes(ladder, Outcome.ALIVE) + "; gone after "
                + idleTimes(ladder, Outcome.EXPIRED) + ". So it lives " + interval(interval) + ".");
    }

    private String idleTimes(Ladder ladder, Outcome outcome) {
        String times = report.rungs().stream()
                .filter(rung -> rung.ladder() == ladder && rung.outcome() == outcome)
                .map(LifetimeRung::idle)
                .map(ReportLines::seconds)
                .collect(Collectors.joining(", "));
        return times.isEmpty() ? "no idle time that was tried" : times;
    }
}
