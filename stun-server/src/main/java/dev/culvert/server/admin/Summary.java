package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.server.admin.AdminRoutes.Flow;
import dev.culvert.server.admin.ServerState.Series;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A server in one JSON object, as its status page is told every second. All counts are since the start. */
final class Summary {
    private static final List<Flow> BINDING = List.of(
            new Flow("Binding requests", List.of("binding_requests"), List.of("binding_request_bytes")),
            new Flow(
                    "Binding answers",
                    List.of("binding_successes", "bad_requests", "unknown_attributes"),
                    List.of("binding_answer_bytes")));

    private static final Set<String> REFUSALS = Set.of(
            "rate_limited",
            "malformed",
            "wrong_fingerprints",
            "unsupported_methods",
            "connections_refused",
            "bad_frames",
            "tls_handshake_failures",
            "send_failures");

    private final Administered server;
    private final Certificates certificates;

    Summary(Administered server, Certificates certificates) {
        this.server = server;
        this.certificates = certificates;
    }

    /** The server at this moment. */
    ObjectNode now() {
        Map<Series, Long> counters = server.state().counters();
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.put("program", server.routes().program())
                .put("version", Version.text())
                .put("time", Instant.now().toString())
                .put("uptimeMillis", ManagementFactory.getRuntimeMXBean().getUptime())
                .put("ready", server.state().isReady());
        summary.set("listeners", listeners());
        summary.set("certificates", certificates.show());
        ArrayNode flows = summary.putArray("flows");
        List<Flow> all = new ArrayList<>(server.routes().flows());
        all.addAll(BINDING);
        all.forEach(flow -> flows.addObject()
                .put("name", flow.name())
                .put("packets", sum(counters, flow.packets()))
                .put("bytes", sum(counters, flow.bytes())));
        summary.set("refusals", refusals(counters));
        ObjectNode levels = summary.putObject("levels");
        byName(server.state().levels()).forEach(levels::put);
        server.routes().summarize(summary);
        return summary;
    }

    /** Each listener as {@code {"transport": "udp", "address": "203.0.113.5:3478"}}. */
    ArrayNode listeners() {
        ArrayNode listeners = JsonNodeFactory.instance.arrayNode();
        for (String listener : server.state().listening()) {
            int space = listener.indexOf(' ');
            listeners
                    .addObject()
                    .put("transport", listener.substring(0, space))
                    .put("address", listener.substring(space + 1));
        }
        return listeners;
    }

    private ArrayNode refusals(Map<Series, Long> counters) {
        Set<String> names = new TreeSet<>(REFUSALS);
        names.addAll(server.routes().refusals());
        Map<String, Long> counts = byName(counters);
        ArrayNode refusals = JsonNodeFactory.instance.arrayNode();
        counters.keySet().stream()
                .filter(series -> names.remove(series.name()))
                .forEach(series -> refusals.addObject()
                        .put("reason", series.name())
                        .put("meaning", series.meaning())
                        .put("count", counts.getOrDefault(series.name(), 0L)));
        return refusals;
    }

    private static Map<String, Long> byName(Map<Series, Long> values) {
        Map<String, Long> sums = new LinkedHashMap<>();
        values.forEach((series, value) -> sums.merge(series.name(), value, Long::sum));
        return sums;
    }

    private static long sum(Map<Series, Long> counters, Collection<String> names) {
        return counters.entrySet().stream()
                .filter(counter -> names.contains(counter.getKey().name()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
