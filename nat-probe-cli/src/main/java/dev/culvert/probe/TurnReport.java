package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.ice.diagnosis.RoundTripSummary;
import dev.culvert.ice.diagnosis.ThroughputSummary;
import dev.culvert.ice.diagnosis.TransportReport;
import dev.culvert.ice.diagnosis.TransportReport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the TURN doctor says, as text and as the JSON object that {@code docs/nat-probe-json.md} describes.
 *
 * @param uri as given
 * @param transports one report each
 */
record TurnReport(String uri, List<TransportReport> transports) {
    static final String SCHEMA = "culvert.nat-probe.turn/1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The exit code: one transport that works is enough. */
    int exit() {
        if (any(Verdict.WORKS)) {
            return ExitCode.DIRECT;
        }
        boolean isBlocked = any(Verdict.NOTHING_PASSES)
                || transports.stream().allMatch(one -> one.verdict() == Verdict.UNREACHABLE);
        if (isBlocked) {
            return ExitCode.UDP_BLOCKED;
        }
        return any(Verdict.NOT_MEASURED) ? ExitCode.INCONCLUSIVE : ExitCode.ERROR;
    }

    /** Whether the name has no address, so that nothing was examined. */
    boolean isUnknown() {
        return transports.stream()
                .allMatch(one -> one.steps().stream()
                        .anyMatch(step -> step.name() == ExaminationStep.Name.RESOLVE
                                && step.result() == ExaminationStep.Result.FAILED));
    }

    private boolean any(Verdict verdict) {
        return transports.stream().anyMatch(one -> one.verdict() == verdict);
    }

    /** One line, and where {@code quiet} is not asked for, what stands behind it. */
    String toText(boolean quiet) {
        StringBuilder text = new StringBuilder("TURN: ").append(summary()).append('\n');
        if (quiet) {
            return text.toString();
        }
        for (TransportReport report : transports) {
            text.append('\n')
                    .append(name(report))
                    .append(": ")
                    .append(words(report))
                    .append('\n');
            report.steps().forEach(step -> text.append(line(report, step)));
            report.findings()
                    .forEach(finding ->
                            text.append("  ! ").append(finding.text()).append('\n'));
        }
        return text.toString();
    }

    private String summary() {
        String works = names(one -> one.verdict() == Verdict.WORKS);
        String others = names(one -> one.verdict() != Verdict.WORKS);
        if (works.isEmpty()) {
            return "does not work over " + others;
        }
        return "works over " + works + (others.isEmpty() ? "" : ", not over " + others);
    }

    private String names(Predicate<TransportReport> which) {
        return transports.stream().filter(which).map(TurnReport::name).collect(Collectors.joining(", "));
    }

    private static String name(TransportReport report) {
        return report.transport().name().toLowerCase(Locale.ROOT);
    }

    private static String words(TransportReport report) {
        return switch (report.verdict()) {
            case WORKS -> "works";
            case NOTHING_PASSES ->
                report.roundTrips().filter(summary -> summary.received() > 0).isPresent()
                        ? "relays between its own clients, but is closed to others"
                        : "allocates, but does not relay";
            case NOT_MEASURED -> "allocates; whether it relays could not be measured";
            case REFUSED -> "refused";
            case UNREACHABLE -> "not reached";
        };
    }

    private static String line(TransportReport report, ExaminationStep step) {
        String mark = switch (step.result()) {
            case DONE -> " ";
            case FAILED -> "x";
            case SKIPPED -> "-";
        };
        return String.format(
                Locale.ROOT, "%s %-10s %10s  %s%n", mark, text(step.name()), millis(step.took()), detail(report, step));
    }

    private static String detail(TransportReport report, ExaminationStep step) {
        // A failure that is told as a finding is not told twice.
        boolean isFinding =
                report.findings().stream().anyMatch(finding -> finding.text().equals(step.detail()));
        return isFinding ? "failed" : detailOfStep(report, step);
    }

    private static String detailOfStep(TransportReport report, ExaminationStep step) {
        return switch (step.name()) {
            case RELAY ->
                step.detail() + report.roundTrips().map(TurnReport::text).orElse("");
            case THROUGHPUT -> report.throughput().map(TurnReport::text).orElse(step.detail());
            default -> step.detail();
        };
    }

    private static String text(RoundTripSummary summary) {
        if (summary.received() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                ": p50 %s, p99 %s, jitter %s, loss %.1f %%",
                millis(summary.median()),
                millis(summary.p99()),
                millis(summary.jitter()),
                summary.loss() * 100);
    }

    private static String text(ThroughputSummary summary) {
        return String.format(
                Locale.ROOT,
                "%.1f Mbit/s of payload, %.1f %% lost",
                summary.bitsPerSecond() / 1e6,
                summary.loss() * 100);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    /** A constant's name as it stands in reports. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String toJson() {
        ObjectNode root = NODES.objectNode().put("schema", SCHEMA).put("uri", uri);
        ArrayNode list = root.putArray("transports");
        transports.forEach(report -> list.add(json(report)));
        root.put("exit", exit());
        return JsonReport.pretty(root);
    }

    private static ObjectNode json(TransportReport report) {
        ObjectNode node = NODES.objectNode();
        node.put("transport", name(report)).put("verdict", text(report.verdict()));
        report.server().ifPresent(address -> node.put("server", address.toString()));
        ArrayNode steps = node.putArray("steps");
        report.steps().forEach(step -> steps.add(json(step)));
        report.allocated().ifPresent(allocated -> {
            ArrayNode relayed = node.putArray("relayed");
            allocated.relayed().forEach(address -> relayed.add(JsonReport.address(address)));
            node.set("mapped", JsonReport.address(allocated.mapped()));
            node.put("lifetime_s", allocated.lifetime().toSeconds());
        });
        report.roundTrips().ifPresent(summary -> node.set("round_trips", json(summary)));
        report.throughput().ifPresent(summary -> node.set("throughput", json(summary)));
        node.put("outside", text(report.outside()));
        ArrayNode findings = node.putArray("findings");
        report.findings()
                .forEach(finding ->
                        findings.addObject().put("kind", text(finding.kind())).put("text", finding.text()));
        return node;
    }

    private static ObjectNode json(ExaminationStep step) {
        return NODES.objectNode()
                .put("step", text(step.name()))
                .put("result", text(step.result()))
                .put("ms", step.took().toNanos() / 1e6)
                .put("detail", step.detail());
    }

    private static ObjectNode json(RoundTripSummary summary) {
        return NODES.objectNode()
                .put("sent", summary.sent())
                .put("received", summary.received())
                .put("loss", summary.loss())
                .put("p50_ms", summary.median().toNanos() / 1e6)
                .put("p99_ms", summary.p99().toNanos() / 1e6)
                .put("jitter_ms", summary.jitter().toNanos() / 1e6);
    }

    private static ObjectNode json(ThroughputSummary summary) {
        return NODES.objectNode()
                .put("bits_per_second", summary.bitsPerSecond())
                .put("sent", summary.sent())
                .put("arrived", summary.arrived())
                .put("loss", summary.loss());
    }
}
