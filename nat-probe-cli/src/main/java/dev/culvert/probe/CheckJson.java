package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.check.ServerReport;
import java.util.Locale;

/** What a server supports and where it is wrong, as the JSON object that {@code docs/nat-probe-json.md} describes. */
final class CheckJson {
    static final String SCHEMA = "culvert.nat-probe.check-server/1";

    private CheckJson() {}

    static String of(ServerReport report, int exit) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("server", report.server().name());
        root.put("address", report.server().address().toString());
        root.put("answered", report.answered());
        root.put("standard", report.standard().text());
        report.roundTrip().ifPresent(rtt -> root.put("rtt_ms", JsonReport.millis(rtt)));
        ArrayNode findings = root.putArray("findings");
        report.findings()
                .forEach(finding -> findings.addObject()
                        .put("topic", name(finding.topic()))
                        .put("result", finding.result().text())
                        .put("detail", finding.detail()));
        root.put("faults", report.faults().size());
        ArrayNode amplification = root.putArray("amplification");
        report.amplification()
                .forEach(each -> amplification
                        .addObject()
                        .put("request", each.request())
                        .put("bytes_sent", each.bytesSent())
                        .put("bytes_received", each.bytesReceived())
                        .put("factor", Math.round(each.factor() * 100) / 100.0));
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }

    private static String name(Enum<?> topic) {
        return topic.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
