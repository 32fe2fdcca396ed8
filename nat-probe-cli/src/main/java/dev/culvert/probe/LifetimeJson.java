package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.KeepaliveAdvice;
import dev.culvert.ice.nat.LifetimeInterval;
import dev.culvert.ice.nat.LifetimeReport;
import dev.culvert.ice.nat.LifetimeRung;
import java.time.Duration;
import java.util.List;

/** How long mappings live, as the JSON object that {@code docs/nat-probe-json.md} describes. */
final class LifetimeJson {
    static final String SCHEMA = "culvert.nat-probe.lifetime/1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private LifetimeJson() {}

    static String of(LifetimeReport report, int exit, List<String> explanation) {
        ObjectNode root = NODES.objectNode();
        root.put("schema", SCHEMA);
        root.put("server", report.server().address().toString());
        root.put("method", report.method().text());
        root.put("method_why", report.methodWhy());
        root.put("translated", report.translated());
        report.external().ifPresent(address -> root.set("external", JsonReport.address(address)));
        root.set("fresh", interval(report.fresh()));
        root.set("stream", interval(report.stream()));
        root.set("keepalive", keepalive(report.keepalive()));
        root.set("rungs", JsonReport.array(report.rungs(), LifetimeJson::rung));
        root.set("caveats", JsonReport.texts(report.caveats()));
        root.put("loss", report.loss());
        if (!explanation.isEmpty()) {
            root.set("explanation", JsonReport.texts(explanation));
        }
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }

    private static ObjectNode interval(LifetimeInterval interval) {
        ObjectNode node = NODES.objectNode();
        interval.atLeast().ifPresent(idle -> node.put("at_least_s", seconds(idle)));
        interval.lessThan().ifPresent(idle -> node.put("less_than_s", seconds(idle)));
        node.put("confidence", interval.confidence());
        return node.put("why", interval.why());
    }

    private static ObjectNode keepalive(KeepaliveAdvice advice) {
        ObjectNode node = NODES.objectNode();
        advice.interval().ifPresent(interval -> node.put("interval_s", seconds(interval)));
        advice.inStreams().ifPresent(interval -> node.put("in_streams_s", seconds(interval)));
        advice.ice().ifPresent(interval -> node.put("ice_s", seconds(interval)));
        return node.put("why", advice.why());
    }

    private static ObjectNode rung(LifetimeRung rung) {
        ObjectNode node = NODES.objectNode();
        node.put("ladder", rung.ladder().text());
        node.put("idle_s", seconds(rung.idle()));
        node.put("outcome", rung.outcome().text());
        rung.mapped().ifPresent(mapped -> node.put("mapped", mapped.toString()));
        node.put("checks", rung.checks());
        node.put("confidence", rung.confidence());
        return node.put("why", rung.why());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
