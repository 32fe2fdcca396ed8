package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.nat.HairpinReport;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Whether hosts can meet at the public address of their NAT, as people and as programs read it. */
final class HairpinText {
    static final String SCHEMA = "culvert.nat-probe.hairpin/1";

    private final HairpinReport report;

    HairpinText(HairpinReport report) {
        this.report = report;
    }

    String of(int verbosity, boolean quiet, boolean explain, Ansi style) {
        ReportLines lines = new ReportLines(style);
        lines.add("Hairpinning", result());
        if (!quiet) {
            lines.add("Means", meaning());
        }
        if (verbosity > 0) {
            lines.addBlock(report.sides().stream().map(HairpinText::side).toList());
        }
        return explain ? lines.addBlock(explanation()).toString() : lines.toString();
    }

    private String result() {
        return switch (report.behavior()) {
            case EXTERNAL_SOURCE -> "yes, from the external address (RFC 4787 REQ-9)";
            case INTERNAL_SOURCE -> "yes, but from the internal address, against RFC 4787 REQ-9a";
            case OTHER_SOURCE -> "yes, but from an address that is neither the internal nor the external one";
            case NONE -> "no";
            case NOT_NEEDED -> "not needed: there is no NAT";
            case UNKNOWN -> "inconclusive: the server did not answer";
        };
    }

    private String meaning() {
        return switch (report.behavior()) {
            case EXTERNAL_SOURCE ->
                report.worksBothWays()
                        ? "two hosts behind this NAT can meet at its public address."
                        : "packets come back, but from another port than was asked: programs that check it will not meet.";
            case INTERNAL_SOURCE, OTHER_SOURCE ->
                "packets arrive, but answers come from an address that was not asked: ICE copes, others do not.";
            case NONE ->
                "two hosts behind this NAT meet by their local addresses, if at all, or through a relay. A NAT that"
                        + " shows the internal address looks the same from one host, which may drop packets from itself.";
            case NOT_NEEDED -> "hosts here meet at their own addresses.";
            case UNKNOWN -> "nothing is known.";
        };
    }

    private static String side(HairpinReport.Side side) {
        return ":" + side.localPort() + " seen at "
                + text(side.external().map(TransportAddress::toString).orElse(""))
                + ", sent " + side.sent() + " to the other one, which saw them from "
                + text(side.seenAs().map(TransportAddress::toString).orElse(""))
                + (side.answered() ? ", and was answered" : "");
    }

    private static String text(String address) {
        return address.isEmpty() ? "nowhere" : address;
    }

    /** How the result was reached, one line for each step. */
    private List<String> explanation() {
        List<String> lines = new ArrayList<>();
        lines.add("Two sockets asked " + report.server().address() + " how they are seen from outside.");
        for (HairpinReport.Side side : report.sides()) {
            side.external()
                    .ifPresent(external -> lines.add("  Port " + side.localPort() + " is seen at " + external + "."));
        }
        switch (report.behavior()) {
            case NOT_NEEDED -> lines.add("That is this host's own address: nothing translates on the way.");
            case UNKNOWN -> lines.add("It did not answer.");
            case NONE ->
                lines.add("Then both sent to each other there, five times each, so that each had opened the filter for"
                        + " the other: nothing came back in.");
            case EXTERNAL_SOURCE, INTERNAL_SOURCE, OTHER_SOURCE -> {
                lines.add("Then both sent to each other there, so that each had opened the filter for the other.");
                report.sides()
                        .forEach(side -> side.seenAs()
                                .ifPresent(seen -> lines.add(
                                        "  What port " + side.localPort() + " had sent came in from " + seen + ".")));
            }
        }
        return lines;
    }

    String json(int exit, boolean explain) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("server", report.server().address().toString());
        root.put("hairpinning", report.behavior().text());
        root.put("both_ways", report.worksBothWays());
        root.put("confidence", report.confidence());
        root.set("sides", JsonReport.array(report.sides(), HairpinText::sideJson));
        if (explain) {
            root.set("explanation", JsonReport.texts(explanation()));
        }
        root.put("exit", exit);
        return JsonReport.pretty(root);
    }

    private static ObjectNode sideJson(HairpinReport.Side side) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("local_port", side.localPort());
        side.external().ifPresent(external -> node.set("external", JsonReport.address(external)));
        node.put("sent", side.sent());
        side.seenAs().ifPresent(seen -> node.set("seen_as", JsonReport.address(seen)));
        return node.put("answered", side.answered());
    }
}
