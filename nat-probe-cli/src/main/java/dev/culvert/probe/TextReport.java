package dev.culvert.probe;

import dev.culvert.ice.nat.Evidence;
import dev.culvert.ice.nat.FilteringBehavior;
import dev.culvert.ice.nat.FragmentBehavior;
import dev.culvert.ice.nat.FragmentBehavior.Fate;
import dev.culvert.ice.nat.Inconclusive;
import dev.culvert.ice.nat.MappingBehavior;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.PortBehavior;
import dev.culvert.ice.nat.ServerFinding;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.ice.nat.Verdict;
import dev.culvert.stun.TransportAddress;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** The report as people read it; the first three lines are those of the usual Python tool, for scripts. */
final class TextReport {
    private final NatReport report;
    private final int verbosity;
    private final boolean quiet;
    private final Ansi style;
    private final StringBuilder text = new StringBuilder();

    TextReport(NatReport report, int verbosity, boolean quiet, Ansi style) {
        this.report = report;
        this.verbosity = verbosity;
        this.quiet = quiet;
        this.style = style;
    }

    @Override
    public String toString() {
        text.setLength(0);
        addClassicLines();
        if (!quiet) {
            addVerdict();
            addPorts();
            addFragments();
            report.hints().forEach(hint -> addLine("Hint", hint.text()));
            report.servers().forEach(this::addServer);
            addMeaning();
        }
        if (verbosity > 0) {
            addEvidence();
        }
        return text.toString();
    }

    private void addClassicLines() {
        Optional<TransportAddress> external = report.external().stream().findFirst();
        text.append("NAT Type: ").append(report.verdict().natType().title()).append('\n');
        text.append("External IP: ")
                .append(external.map(address -> address.ip().toString()).orElse("None"))
                .append('\n');
        text.append("External Port: ")
                .append(external.map(address -> String.valueOf(address.port())).orElse("None"))
                .append('\n');
    }

    private void addVerdict() {
        Verdict verdict = report.verdict();
        text.append('\n');
        addLine("Mapping", finding(verdict, "mapping", mappingText(verdict.mapping())));
        addLine("Filtering", finding(verdict, "filtering", filteringText(verdict)));
        addLine("Confidence", confidence(verdict));
        addLine("Also called", Meaning.otherNames(verdict.natType()));
    }

    private static String mappingText(MappingBehavior mapping) {
        return switch (mapping) {
            case NONE -> "none (the servers see this host's own address)";
            case BLOCKED -> "blocked (an address that answers over TCP does not over UDP)";
            case ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, UNKNOWN -> mapping.text();
        };
    }

    private static String filteringText(Verdict verdict) {
        boolean blocked = verdict.mapping() == MappingBehavior.BLOCKED;
        return blocked && verdict.filtering() == FilteringBehavior.UNKNOWN
                ? "nothing comes in"
                : verdict.filtering().text();
    }

    private static String finding(Verdict verdict, String what, String proven) {
        return verdict.inconclusive().stream()
                .filter(reason -> reason.what().equals(what))
                .map(Inconclusive::why)
                .map(why -> "inconclusive: " + why)
                .findFirst()
                .orElse(proven);
    }

    private String confidence(Verdict verdict) {
        if (verdict.confidence() == 0) {
            return "none: not everything is proven";
        }
        // Rounded down, so that it never shows as certainty.
        double percent = Math.floor(verdict.confidence() * 10_000) / 100;
        String loss = report.loss() > 0
                ? String.format(Locale.ROOT, " (%.0f %% of the round trips were lost)", report.loss() * 100)
                : "";
        String low = verdict.caveats().isEmpty() ? "" : ", low: " + String.join(", ", verdict.caveats());
        return String.format(Locale.ROOT, "%s %%%s%s", percent, low, loss);
    }

    private void addPorts() {
        PortBehavior ports = report.ports();
        if (ports.samples().isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder();
        line.append(
                ports.preservation() ? "preserved" : ports.parity() ? "not preserved, parity kept" : "not preserved");
        line.append(ports.contiguity() && !ports.preservation() ? ", contiguous" : "");
        ports.delta().ifPresent(delta -> line.append(", step ").append(delta));
        line.append(" (").append(ports.samples().size()).append(" sockets, ");
        line.append(ports.lowestPort().orElse(0))
                .append("–")
                .append(ports.highestPort().orElse(0));
        line.append(ports.paired() ? ", one external IP)" : ", several external IPs)");
        addLine("Ports", line.toString());
    }

    private void addFragments() {
        FragmentBehavior fragments = report.fragments();
        if (fragments.outgoing() != Fate.UNKNOWN) {
            addLine(
                    "Fragments",
                    "out " + fragments.outgoing().text() + ", in "
                            + fragments.incoming().text()
                            + (fragments.why().isEmpty() ? "" : " (" + fragments.why() + ")"));
        }
    }

    private void addServer(ServerFinding finding) {
        StringBuilder line = new StringBuilder(finding.server().name());
        String address = finding.server().address().toString();
        if (!address.equals(finding.server().name())) {
            line.append(" (").append(address).append(')');
        }
        line.append(": udp ").append(finding.answered() ? "answered" : "silent");
        finding.roundTrip()
                .ifPresent(rtt ->
                        line.append(" in ").append(JsonReport.millis(rtt)).append(" ms"));
        for (StreamCheck check : finding.streams()) {
            line.append(", ")
                    .append(check.transport().text())
                    .append(' ')
                    .append(
                            check.result() == StreamCheck.Result.FAILED
                                    ? check.failure().text()
                                    : check.result().text());
        }
        line.append(finding.behaviorDiscovery() ? ", RFC 5780" : "");
        addLine("Server", line.toString());
        finding.faults()
                .forEach(fault -> addLine(
                        "Server fault",
                        finding.server().name() + " " + fault.kind().meaning() + " (" + fault.detail() + ")"));
    }

    private void addMeaning() {
        text.append('\n');
        Meaning.of(report.verdict()).forEach(line -> text.append(line).append('\n'));
    }

    private void addEvidence() {
        text.append('\n');
        for (Evidence evidence : report.evidence()) {
            text.append(evidenceLine(evidence)).append('\n');
        }
    }

    private static String evidenceLine(Evidence evidence) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(Locale.ROOT, "%-3s :%-5d → %s", evidence.test(), evidence.localPort(), evidence.to()));
        if (!evidence.change().isEmpty()) {
            line.append(" change ")
                    .append(evidence.change())
                    .append(", answer due from ")
                    .append(evidence.answerFrom());
        }
        line.append(", sent ").append(evidence.sent()).append(": ");
        line.append(evidence.answered() ? "answered" : "silence");
        evidence.mapped().ifPresent(mapped -> line.append(", mapped ").append(mapped));
        evidence.errorCode().ifPresent(code -> line.append(", error ").append(code));
        line.append(evidence.receipts() > 0 ? ", receipts " + evidence.receipts() : "");
        evidence.strays().forEach(stray -> line.append("; ").append(stray));
        return line.toString();
    }

    private void addLine(String label, String value) {
        text.append(style.string("@|bold " + label + ":|@ ")).append(value).append('\n');
    }
}
