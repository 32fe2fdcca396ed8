package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.portmap.MappingFailure;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.RouterReport;
import java.util.Locale;

/** What was found out about the router, as the JSON object that {@code docs/nat-probe-json.md} describes. */
final class GatewayJson {
    static final String SCHEMA = "culvert.nat-probe.gateway/1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GatewayJson() {}

    static String of(GatewayFinding finding) {
        ObjectNode root = NODES.objectNode().put("schema", SCHEMA);
        ObjectNode router = root.putObject("router");
        router.put("ip", finding.router().gateway().address().toString());
        router.put("guessed", finding.router().isGuess());
        router.put("local", finding.router().gateway().local().toString());
        router.put("description", finding.report().description());
        ArrayNode protocols = root.putArray("protocols");
        finding.report().protocols().forEach(protocol -> protocols.add(protocol(protocol)));
        finding.external().ifPresent(ip -> root.put("external", ip.toString()));
        finding.mapped().ifPresent(ip -> root.put("mapped", ip.toString()));
        finding.upstream().ifPresent(upstream -> root.put("upstream", name(upstream)));
        finding.mapping().ifPresent(mapping -> root.set("mapping", mapping(mapping)));
        if (!finding.refusals().isEmpty()) {
            ArrayNode refusals = root.putArray("refusals");
            finding.refusals().forEach(failure -> refusals.add(failure(failure)));
        }
        root.put("exit", finding.exit());
        return JsonReport.pretty(root);
    }

    private static ObjectNode protocol(RouterReport.Protocol protocol) {
        ObjectNode node = NODES.objectNode();
        node.put("name", name(protocol.via()));
        node.put("offered", protocol.isOffered());
        protocol.external().ifPresent(ip -> node.put("external", ip.toString()));
        protocol.failure().ifPresent(failure -> node.set("failure", failure(failure)));
        return node;
    }

    private static ObjectNode failure(MappingFailure failure) {
        return NODES.objectNode()
                .put("protocol", name(failure.via()))
                .put("kind", name(failure.kind()))
                .put("text", failure.text());
    }

    private static ObjectNode mapping(PortMapping mapping) {
        ObjectNode node = NODES.objectNode();
        node.put("protocol", name(mapping.via()));
        node.put("transport", name(mapping.protocol()));
        node.set("internal", JsonReport.address(mapping.internal()));
        node.set("external", JsonReport.address(mapping.external()));
        node.put("lifetime_seconds", mapping.lifetime().toSeconds());
        return node;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
