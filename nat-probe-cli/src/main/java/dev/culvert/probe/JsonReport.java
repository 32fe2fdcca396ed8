package dev.culvert.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.AddressScope;
import dev.culvert.ice.nat.Evidence;
import dev.culvert.ice.nat.FragmentBehavior;
import dev.culvert.ice.nat.Hint;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.PortBehavior;
import dev.culvert.ice.nat.ServerFinding;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.ice.nat.Verdict;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The report as the JSON object that {@code docs/nat-probe-json.md} describes. */
final class JsonReport {
    static final String SCHEMA = "culvert.nat-probe/1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    static String of(NatReport report, int exit) {
        return of(report, exit, false);
    }

    static String of(NatReport report, int exit, boolean explain) {
        ObjectNode root = NODES.objectNode();
        root.put("schema", SCHEMA);
        root.set("verdict", verdict(report.verdict()));
        root.set("external", addresses(report.external()));
        root.set("local", addresses(report.local()));
        root.set("servers", array(report.servers(), JsonReport::server));
        root.set("evidence", array(report.evidence(), JsonReport::evidence));
        root.set("ports", ports(report.ports()));
        root.set("fragments", fragments(report.fragments()));
        root.set("hints", texts(report.hints().stream().map(Hint::text).toList()));
        root.set("findings", array(report.hints(), JsonReport::finding));
        root.put("loss", report.loss());
        if (explain) {
            root.set("explanation", texts(Explanation.of(report)));
        }
        root.put("exit", exit);
        return pretty(root);
    }

    static String pretty(ObjectNode root) {
        return new ObjectMapper().valueToTree(root).toPrettyString();
    }

    private static ObjectNode verdict(Verdict verdict) {
        ObjectNode node = NODES.objectNode();
        node.put("mapping", verdict.mapping().text());
        node.put("filtering", verdict.filtering().text());
        node.put("classic", verdict.natType().text());
        node.put("confidence", verdict.confidence());
        node.set("caveats", texts(verdict.caveats()));
        node.set(
                "inconclusive",
                array(
                        verdict.inconclusive(),
                        reason -> NODES.objectNode().put("what", reason.what()).put("why", reason.why())));
        return node;
    }

    private static ObjectNode server(ServerFinding finding) {
        ObjectNode node = NODES.objectNode();
        node.put("name", finding.server().name());
        node.put("address", finding.server().address().toString());
        node.put("answered", finding.answered());
        finding.otherAddress().ifPresent(other -> node.put("other_address", other.toString()));
        node.put("behavior_discovery", finding.behaviorDiscovery());
        finding.software().ifPresent(software -> node.put("software", software));
        finding.roundTrip().ifPresent(rtt -> node.put("rtt_ms", millis(rtt)));
        node.set(
                "faults",
                array(
                        finding.faults(),
                        fault -> NODES.objectNode()
                                .put(
                                        "kind",
                                        fault.kind()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', '-'))
                                .put("meaning", fault.kind().meaning())
                                .put("detail", fault.detail())));
        node.set("streams", array(finding.streams(), check -> {
            ObjectNode stream = NODES.objectNode();
            stream.put("transport", check.transport().text());
            stream.put("result", check.result().text());
            if (check.failure() != StreamCheck.Failure.NONE) {
                stream.put("failure", check.failure().text());
            }
            check.mapped().ifPresent(mapped -> stream.put("mapped", mapped.toString()));
            return stream.put("detail", check.detail());
        }));
        return node;
    }

    private static ObjectNode evidence(Evidence evidence) {
        ObjectNode node = NODES.objectNode();
        node.put("test", evidence.test());
        node.put("local_port", evidence.localPort());
        node.put("to", evidence.to().toString());
        node.put("answer_from", evidence.answerFrom().toString());
        node.put("change", evidence.change());
        node.put("sent", evidence.sent());
        node.put("answered", evidence.answered());
        evidence.mapped().ifPresent(mapped -> node.put("mapped", mapped.toString()));
        evidence.errorCode().ifPresent(code -> node.put("error", code));
        evidence.roundTrip().ifPresent(rtt -> node.put("rtt_ms", millis(rtt)));
        node.put("receipts", evidence.receipts());
        node.set("strays", texts(evidence.strays()));
        return node;
    }

    private static ObjectNode ports(PortBehavior ports) {
        ObjectNode node = NODES.objectNode();
        node.put("samples", ports.samples().size());
        if (ports.samples().isEmpty()) {
            return node;
        }
        node.put("preservation", ports.preservation());
        node.put("parity", ports.parity());
        node.put("contiguity", ports.contiguity());
        ports.delta().ifPresent(delta -> node.put("delta", delta));
        ports.lowestPort().ifPresent(port -> node.put("lowest", port));
        ports.highestPort().ifPresent(port -> node.put("highest", port));
        node.put("pooling", ports.paired() ? "paired" : "arbitrary");
        node.set(
                "seen",
                array(
                        ports.samples(),
                        sample -> NODES.objectNode()
                                .put("local", sample.localPort())
                                .put("external", sample.externalPort())));
        return node;
    }

    private static ObjectNode fragments(FragmentBehavior fragments) {
        return NODES.objectNode()
                .put("out", fragments.outgoing().text())
                .put("in", fragments.incoming().text())
                .put("why", fragments.why());
    }

    private static ObjectNode finding(Hint hint) {
        return NODES.objectNode().put("kind", hint.kind().text()).put("detail", hint.text());
    }

    private static ArrayNode addresses(List<TransportAddress> addresses) {
        return array(
                addresses,
                address -> address(address)
                        .put("scope", AddressScope.of(address.ip()).text()));
    }

    static ObjectNode address(TransportAddress address) {
        return NODES.objectNode()
                .put("ip", address.ip().toString())
                .put("port", address.port())
                .put("family", address.ip().isIpv4() ? "ipv4" : "ipv6");
    }

    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100.0;
    }

    static ArrayNode texts(List<String> texts) {
        ArrayNode node = NODES.arrayNode();
        texts.forEach(node::add);
        return node;
    }

    static <T> ArrayNode array(List<T> items, Function<T, ObjectNode> form) {
        ArrayNode node = NODES.arrayNode();
        items.forEach(item -> node.add(form.apply(item)));
        return node;
    }
}
