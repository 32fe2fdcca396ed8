package dev.culvert.probe;

import dev.culvert.ice.check.Amplification;
import dev.culvert.ice.check.Finding;
import dev.culvert.ice.check.ServerReport;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What a server supports and where it is wrong, as people read it. */
final class CheckText {
    private final ServerReport report;
    private final int verbosity;
    private final boolean quiet;
    private final Ansi style;
    private final StringBuilder text = new StringBuilder();

    CheckText(ServerReport report, int verbosity, boolean quiet, Ansi style) {
        this.report = report;
        this.verbosity = verbosity;
        this.quiet = quiet;
        this.style = style;
    }

    @Override
    public String toString() {
        text.setLength(0);
        if (!quiet) {
            addHead();
            report.findings().forEach(this::addFinding);
        } else {
            report.faults().forEach(this::addFinding);
        }
        if (verbosity > 0) {
            report.amplification().forEach(this::addAmplification);
        }
        addSummary();
        return text.toString();
    }

    private void addHead() {
        String name = report.server().name();
        String address = report.server().address().toString();
        text.append(style.string("@|bold " + address + "|@"));
        text.append(name.equals(address) ? "" : " (" + name + ")");
        text.append(": ").append(report.answered() ? report.standard().title() : "silent over UDP");
        report.roundTrip()
                .ifPresent(
                        rtt -> text.append(", ").append(JsonReport.millis(rtt)).append(" ms"));
        text.append('\n');
    }

    private void addFinding(Finding finding) {
        String mark = switch (finding.result()) {
            case YES -> "yes";
            case NO -> "no";
            case WRONG -> "WRONG";
            case DANGEROUS -> "DANGER";
            case UNKNOWN -> "?";
        };
        String shown = String.format(Locale.ROOT, "%-6s", mark);
        text.append(finding.isFault() ? style.string("@|bold,red " + shown + "|@") : shown)
                .append("  ")
                .append(String.format(Locale.ROOT, "%-23s", finding.topic().title()))
                .append("  ")
                .append(finding.detail())
                .append('\n');
    }

    private void addAmplification(Amplification amplification) {
        text.append(String.format(
                Locale.ROOT,
                "%-34s %4d bytes for %4d, factor %.1f%n",
                amplification.request(),
                amplification.bytesReceived(),
                amplification.bytesSent(),
                amplification.factor()));
    }

    private void addSummary() {
        int faults = report.faults().size();
        if (faults > 0) {
            text.append(faults).append(faults == 1 ? " fault" : " faults");
        } else if (report.answered()) {
            text.append("no fault");
        } else {
            text.append(report.answersStreams() ? "no answer over UDP" : "no answer");
        }
        text.append(quiet ? "" : "; rate limits were not tested").append('\n');
    }
}
