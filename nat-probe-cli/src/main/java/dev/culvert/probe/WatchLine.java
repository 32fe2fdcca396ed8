package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.NatType;
import dev.culvert.ice.nat.Verdict;
import dev.culvert.ice.nat.WatchEvent;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.stream.Collectors;

/** One change in one line. */
final class WatchLine {
    static final String SCHEMA = "culvert.nat-probe.watch/1";

    private WatchLine() {}

    static String text(WatchEvent event) {
        return event.at() + " " + what(event);
    }

    private static String what(WatchEvent event) {
        if (event instanceof WatchEvent.Reachability change) {
            return "server " + change.server().name() + (change.answers() ? " answers" : " does not answer");
        }
        if (event instanceof WatchEvent.ExternalAddress change) {
            String before = change.before().isEmpty() ? "" : " (was " + list(change.before()) + ")";
            return "external " + (change.after().isEmpty() ? "none" : list(change.after())) + before;
        }
        Verdict verdict = ((WatchEvent.Behavior) event).verdict();
        String behaviour = ": mapping " + verdict.mapping().text() + ", filtering "
                + verdict.filtering().text();
        String why =
                verdict.natType() == NatType.UNKNOWN && !verdict.inconclusive().isEmpty()
                        ? " (" + verdict.inconclusive().get(0).why() + ")"
                        : "";
        return "NAT " + verdict.natType().title() + behaviour + why;
    }

    private static String list(List<IpAddress> ips) {
        return ips.stream().map(IpAddress::toString).collect(Collectors.joining(", "));
    }

    static String json(WatchEvent event) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("time", event.at().toString());
        if (event instanceof WatchEvent.Reachability change) {
            root.put("event", "reachability");
            root.put("server", change.server().name());
            root.put("address", change.server().address().toString());
            root.put("answers", change.answers());
            return root.toString();
        }
        if (event instanceof WatchEvent.ExternalAddress change) {
            root.put("event", "external");
            root.set("before", array(change.before()));
            root.set("after", array(change.after()));
            return root.toString();
        }
        Verdict verdict = ((WatchEvent.Behavior) event).verdict();
        root.put("event", "behavior");
        root.put("mapping", verdict.mapping().text());
        root.put("filtering", verdict.filtering().text());
        root.put("classic", verdict.natType().text());
        root.put("confidence", verdict.confidence());
        root.put("exit", ExitCode.of(verdict.natType()));
        return root.toString();
    }

    private static ArrayNode array(List<IpAddress> ips) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        ips.forEach(ip -> array.add(ip.toString()));
        return array;
    }
}
