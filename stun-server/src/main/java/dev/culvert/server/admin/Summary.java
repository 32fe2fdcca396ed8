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
import java.util.stream.Collectors;

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
        largest(server.state().levels()).forEach(levels::put);
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
        Map<String, ObjectNode> shown = new LinkedHashMap<>();
        counters.forEach((series, count) -> {
            String name = series.name();
            if (REFUSALS.contains(name) || server.routes().refusals().contains(name)) {
                ObjectNode one = shown.computeIfAbsent(
                        reason(series),
                        reason -> JsonNodeFactory.instance
                                .objectNode()
                                .put("reason", reason)
                                .put("meaning", series.meaning()));
                one.put("count", one.path("count").asLong() + count);
            }
        });
        return JsonNodeFactory.instance.arrayNode().addAll(shown.values());
    }

    /** The counter's name, and what tells it from others of that name; all transports are one. */
    private static String reason(Series series) {
        String labels = series.labels().entrySet().stream()
                .filter(label -> !label.getKey().equals("transport"))
                .map(Map.Entry::getValue)
                .sorted()
                .collect(Collectors.joining(" "));
        return labels.isEmpty() ? series.name() : series.name() + " " + labels;
    }

    private static Map<String, Long> largest(Map<Series, Long> levels) {
        Map<String, Long> largest = new LinkedHashMap<>();
        levels.forEach((series, value) -> largest.merge(series.name(), value, Math::max));
        return largest;
    }

    private static long sum(Map<Series, Long> counters, Collection<String> names) {
        return counters.entrySet().stream()
                .filter(counter -> names.contains(counter.getKey().name()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
