package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.sip.SipAttempt;
import dev.culvert.ice.sip.SipFault;
import dev.culvert.ice.sip.SipReport;
import dev.culvert.stun.IpAddress;
import java.util.List;

/** What {@code nat-probe sip} found, as the JSON object that {@code docs/nat-probe-json.md} describes. */
final class SipJsonReport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SipJsonReport() {}

    static String of(IpAddress server, SipReport report, int exit) {
        ObjectNode root = NODES.objectNode();
        root.put("schema", SipCommand.SCHEMA);
        root.put("server", server.toString());
        root.put("verdict", report.verdict().text());
        root.set("faults", faults(report.faults()));
        ArrayNode attempts = root.putArray("attempts");
        report.attempts().forEach(attempt -> attempts.add(attempt(attempt)));
        ArrayNode stun = root.putArray("stun");
        for (int port : report.ports()) {
            ObjectNode node = stun.addObject().put("port", port);
            if (report.mapped().containsKey(port)) {
                node.set("mapped", JsonReport.address(report.mapped().get(port)));
            }
        }
        ArrayNode notes = root.putArray("notes");
        SipTextReport.notes(report).forEach(notes::add);
        root.put("meaning", SipTextReport.meaning(report));
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }

    private static ObjectNode attempt(SipAttempt attempt) {
        ObjectNode node = NODES.objectNode();
        node.put("method", attempt.method().name());
        node.put("transport", attempt.transport().text());
        node.put("port", attempt.port());
        node.put("outcome", attempt.outcome().text());
        if (!attempt.detail().isEmpty()) {
            node.put("detail", attempt.detail());
        }
        attempt.answer().ifPresent(answer -> {
            node.set("source", JsonReport.address(answer.source()));
            answer.viaSource().ifPresent(source -> node.set("rport", JsonReport.address(source)));
        });
        attempt.comparison().ifPresent(comparison -> {
            ArrayNode changes = node.putArray("changes");
            comparison
                    .changes()
                    .forEach(change -> changes.addObject()
                            .put("place", change.place().text())
                            .put("sent", change.sent())
                            .put("received", change.received()));
            node.set("faults", faults(comparison.faults()));
        });
        return node;
    }

    private static ArrayNode faults(List<SipFault> faults) {
        ArrayNode node = NODES.arrayNode();
        faults.forEach(fault -> node.addObject()
                .put("kind", fault.kind().text())
                .put("meaning", fault.kind().meaning())
                .put("detail", fault.detail()));
        return node;
    }
}
