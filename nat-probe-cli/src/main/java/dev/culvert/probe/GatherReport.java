package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherServer;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.nat.AddressScope;
import dev.culvert.ice.sdp.CandidateAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All that happened in one run. Thread-safe. */
final class GatherReport {
    static final String SCHEMA = "culvert.nat-probe.gather/1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<GatherServer> servers;
    private final List<GatherEvent> events = new ArrayList<>();

    GatherReport(List<GatherServer> servers) {
        this.servers = servers;
    }

    synchronized void add(GatherEvent event) {
        events.add(event);
    }

    private synchronized <T extends GatherEvent> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <T extends GatherEvent> Optional<T> first(Class<T> kind) {
        return all(kind).stream().findFirst();
    }

    /**
     * 0 where peers can send to this host, 10 where they can only send to a relay, 30 where no server said anything about
     * it; without servers to ask, 0 where there is a candidate.
     */
    int exit() {
        List<GatherEvent.Gathered> gathered = all(GatherEvent.Gathered.class);
        boolean isSeen =
                !all(GatherEvent.Redundant.class).isEmpty() || gathered.stream().anyMatch(GatherReport::isOfOutside);
        if (isSeen || servers.isEmpty() && !gathered.isEmpty()) {
            return ExitCode.DIRECT;
        }
        boolean isRelayed = gathered.stream().anyMatch(each -> each.candidate().type() == CandidateType.RELAY);
        return isRelayed ? ExitCode.RELAY_NEEDED : ExitCode.INCONCLUSIVE;
    }

    /** What a router says of itself counts only where no other NAT stands beyond it. */
    private static boolean isOfOutside(GatherEvent.Gathered gathered) {
        boolean isOfRouter = gathered.source().kind() == GatherSource.Kind.MAPPING;
        return gathered.candidate().type() == CandidateType.SRFLX
                && (!isOfRouter
                        || gathered.candidate()
                                .address()
                                .transportAddress()
                                .filter(external -> AddressScope.of(external.ip()) == AddressScope.PUBLIC)
                                .isPresent());
    }

    /** When what was reached, in a line. */
    String summary() {
        int count = all(GatherEvent.Gathered.class).size();
        String usable = first(GatherEvent.FirstUsable.class)
                .map(each -> "first usable after " + GatherText.millis(each.at()) + " ms, ")
                .orElse("none is usable, ");
        String settled = first(GatherEvent.Settled.class)
                .map(each -> "settled after " + GatherText.millis(each.at()) + " ms, ")
                .orElse("");
        String complete = first(GatherEvent.Complete.class)
                .map(each -> "complete after " + GatherText.millis(each.at()) + " ms")
                .orElse("ended before it was complete; try a longer --timeout");
        return (count == 1 ? "1 candidate: " : count + " candidates: ") + usable + settled + complete;
    }

    String toJson() {
        ObjectNode root = NODES.objectNode();
        root.put("schema", SCHEMA);
        ArrayNode candidates = root.putArray("candidates");
        all(GatherEvent.Gathered.class).forEach(each -> candidates.add(candidate(each)));
        ArrayNode redundant = root.putArray("redundant");
        all(GatherEvent.Redundant.class)
                .forEach(each -> redundant.add(NODES.objectNode()
                        .put("type", each.type().token())
                        .put("address", each.address().toString())
                        .put("source", each.source().name())
                        .put("base", each.source().base().toString())
                        .put("at_ms", JsonReport.millis(each.at()))
                        .put("took_ms", JsonReport.millis(each.took()))));
        ArrayNode failures = root.putArray("failures");
        synchronized (this) {
            events.forEach(event -> GatherText.failure(event)
                    .ifPresent(reason -> failures.add(NODES.objectNode()
                            .put("at_ms", JsonReport.millis(event.at()))
                            .put("reason", reason))));
        }
        first(GatherEvent.FirstUsable.class)
                .ifPresent(each -> root.put("first_usable_ms", JsonReport.millis(each.at())));
        first(GatherEvent.Settled.class).ifPresent(each -> root.put("settled_ms", JsonReport.millis(each.at())));
        first(GatherEvent.Complete.class).ifPresent(each -> root.put("complete_ms", JsonReport.millis(each.at())));
        root.put("exit", exit());
        return JsonReport.pretty(root);
    }

    private static ObjectNode candidate(GatherEvent.Gathered gathered) {
        Candidate candidate = gathered.candidate();
        ObjectNode node = NODES.objectNode();
        node.put("type", candidate.type().token());
        node.put("component", candidate.component());
        node.put("ip", candidate.address().host());
        node.put("port", candidate.address().port());
        node.put("priority", candidate.priority());
        node.put("foundation", candidate.foundation());
        candidate.related().ifPresent(related -> node.put("related", related.toString()));
        node.put("source_kind", gathered.source().kind().name().toLowerCase(Locale.ROOT));
        node.put("source", gathered.source().name());
        node.put("base", gathered.source().base().toString());
        node.put("at_ms", JsonReport.millis(gathered.at()));
        node.put("took_ms", JsonReport.millis(gathered.took()));
        node.put("requests", gathered.requests());
        node.put("sdp", "a=" + CandidateAttribute.format(candidate));
        return node;
    }
}
