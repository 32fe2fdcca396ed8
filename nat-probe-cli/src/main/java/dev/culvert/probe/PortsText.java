package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.PortBehavior;
import dev.culvert.ice.nat.PortReport;
import dev.culvert.ice.nat.PortSample;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** How external ports are chosen, as people and as programs read it. */
final class PortsText {
    static final String SCHEMA = "culvert.nat-probe.ports/1";

    private final PortReport report;
    private final PortBehavior behavior;

    PortsText(PortReport report) {
        this.report = report;
        this.behavior = report.behavior();
    }

    String of(int verbosity, boolean quiet, boolean explain, Ansi style) {
        ReportLines lines = new ReportLines(style);
        lines.add("Ports", assignment());
        if (!quiet) {
            lines.add("Range", range());
            if (report.translated()) {
                lines.add("Parity", behavior.parity() ? "kept (RFC 4787 §4.2.2)" : "not kept");
                lines.add("Contiguity", contiguity());
                lines.add("Pooling", pooling());
                lines.add(
                        "Overloading",
                        report.overloading()
                                ? "yes: two sockets shared one external port, against RFC 4787 REQ-3"
                                : "none seen");
            }
            lines.add("Next port", prediction());
        }
        if (verbosity > 0) {
            lines.addBlock(seen());
        }
        return explain ? lines.addBlock(explanation()).toString() : lines.toString();
    }

    private String assignment() {
        return switch (report.assignment()) {
            case NONE -> "not translated: there is no NAT";
            case PRESERVED -> "preserved: the external port is the local one";
            case MOSTLY_PRESERVED -> "preserved where they are free";
            case SEQUENTIAL -> "sequential, step " + behavior.delta().orElse(0);
            case RISING -> "rising by small steps";
            case SCATTERED -> "scattered: no rule is seen";
            case UNKNOWN -> "inconclusive: too few answers";
        };
    }

    private String range() {
        return behavior.lowestPort().orElse(0) + "–" + behavior.highestPort().orElse(0) + " over "
                + report.scattered().size() + " sockets";
    }

    private String contiguity() {
        if (report.pairs() == 0) {
            return "not measured: no local ports that follow each other were free";
        }
        return report.contiguousPairs() + " of " + report.pairs() + " pairs stay neighbours (RFC 4787 §4.2.3)";
    }

    private String pooling() {
        return report.externalIps().size() == 1
                ? "one external address, " + report.externalIps().get(0)
                : "arbitrary: " + report.externalIps().size() + " external addresses, "
                        + report.externalIps().stream().map(IpAddress::toString).collect(Collectors.joining(", "));
    }

    private String prediction() {
        return report.assignment().isPredictable() ? "can be guessed" : "cannot be guessed";
    }

    private List<String> seen() {
        return samples().stream()
                .map(sample -> String.format(Locale.ROOT, ":%-5d → %s", sample.localPort(), sample.external()))
                .toList();
    }

    private List<PortSample> samples() {
        List<PortSample> all = new ArrayList<>(report.scattered());
        all.addAll(report.consecutive());
        return all;
    }

    /** How the result was reached, one line for each step. */
    private List<String> explanation() {
        List<String> lines = new ArrayList<>();
        lines.add(report.scattered().size() + " sockets on ports that the system picked asked "
                + report.server().address() + ", one after another, how they are seen from outside.");
        lines.add("Their external ports are " + assignment() + ".");
        if (report.pairs() > 0) {
            lines.add("Then " + report.consecutive().size() + " on ports that follow each other: "
                    + report.contiguousPairs() + " of " + report.pairs()
                    + " pairs of an even port and the next one stay neighbours outside, as RTP and RTCP like it.");
        }
        lines.add("All stayed open meanwhile; they are seen at "
                + report.externalIps().size() + " external "
                + (report.externalIps().size() == 1 ? "address" : "addresses")
                + (report.overloading() ? ", two of them at one and the same port." : ", no two at the same port."));
        return lines;
    }

    String json(int exit, boolean explain) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("server", report.server().address().toString());
        root.put("translated", report.translated());
        root.put("assignment", report.assignment().text());
        root.put("predictable", report.assignment().isPredictable());
        root.put("preservation", behavior.preservation());
        root.put("parity", behavior.parity());
        behavior.delta().ifPresent(delta -> root.put("delta", delta));
        behavior.lowestPort().ifPresent(port -> root.put("lowest", port));
        behavior.highestPort().ifPresent(port -> root.put("highest", port));
        root.put("pairs", report.pairs());
        root.put("contiguous_pairs", report.contiguousPairs());
        root.put("pooling", behavior.paired() ? "paired" : "arbitrary");
        root.set(
                "external_ips",
                JsonReport.texts(
                        report.externalIps().stream().map(IpAddress::toString).toList()));
        root.put("overloading", report.overloading());
        root.set("samples", JsonReport.array(report.scattered(), PortsText::sample));
        root.set("consecutive", JsonReport.array(report.consecutive(), PortsText::sample));
        if (explain) {
            root.set("explanation", JsonReport.texts(explanation()));
        }
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }

    private static ObjectNode sample(PortSample sample) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("local", sample.localPort())
                .put("external", sample.external().toString());
    }
}
