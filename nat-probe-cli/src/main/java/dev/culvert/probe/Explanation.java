package dev.culvert.probe;

import dev.culvert.ice.nat.Evidence;
import dev.culvert.ice.nat.Inconclusive;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.Verdict;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the verdict follows from the evidence, in plain words. */
final class Explanation {
    private static final String AFTER_OPENING = "where a packet had gone before";

    private final NatReport report;
    private final List<String> lines = new ArrayList<>();

    private Explanation(NatReport report) {
        this.report = report;
    }

    /** One line for each step. */
    static List<String> of(NatReport report) {
        Explanation explanation = new Explanation(report);
        explanation.addMapping();
        explanation.addFiltering();
        explanation.addName();
        explanation.addFragments();
        return List.copyOf(explanation.lines);
    }

    private void addMapping() {
        List<Evidence> asked = test("M");
        asked.stream()
                .findFirst()
                .ifPresent(first -> lines.add("One socket, port " + first.localPort() + ", asked " + asked.size()
                        + (asked.size() == 1 ? " address" : " addresses") + " how it is seen from outside."));
        for (Evidence evidence : asked) {
            String seen = evidence.mapped()
                    .map(mapped -> " sees " + mapped + ".")
                    .orElse(evidence.answered() ? " answers without telling." : " does not answer.");
            lines.add("  " + evidence.to() + seen);
        }
        lines.add(inconclusive("mapping").orElseGet(this::mappingConclusion));
        addDrift();
    }

    private String mappingConclusion() {
        return switch (report.verdict().mapping()) {
            case NONE -> "That is this host's own address: nothing translates on the way.";
            case ENDPOINT_INDEPENDENT ->
                "All see the same address and port, though their own differ: the mapping is endpoint-independent.";
            case ADDRESS_DEPENDENT ->
                "What is seen changes with the server's address, but not with its port: the mapping is"
                        + " address-dependent.";
            case ADDRESS_AND_PORT_DEPENDENT ->
                "What is seen changes even with the port of one server: the mapping is address-and-port-dependent.";
            case BLOCKED -> "An address that answers over TCP does not over UDP: UDP is blocked.";
            case UNKNOWN -> "The mapping is not known.";
        };
    }

    private void addDrift() {
        Map<TransportAddress, Optional<TransportAddress>> later = new LinkedHashMap<>();
        test("D").forEach(evidence -> later.put(evidence.to(), evidence.mapped()));
        if (later.values().stream().allMatch(Optional::isEmpty)) {
            return;
        }
        boolean changed = test("M").stream()
                .anyMatch(first -> first.mapped().isPresent()
                        && later.getOrDefault(first.to(), Optional.empty())
                                .filter(mapped -> !Optional.of(mapped).equals(first.mapped()))
                                .isPresent());
        lines.add(
                changed
                        ? "Asked again at the end, something else is seen."
                        : "Asked again at the end, they see the same.");
    }

    private void addFiltering() {
        addFilteringTest("F1", "the other address and port");
        addFilteringTest("K", AFTER_OPENING);
        addFilteringTest("F2", "the other port");
        addFilteringTest("K2", AFTER_OPENING);
        addFilteringTest("F3", "the other address");
        lines.add(inconclusive("filtering").orElseGet(this::filteringConclusion));
    }

    private void addFilteringTest(String test, String where) {
        for (Evidence evidence : test(test)) {
            if (!evidence.change().isEmpty()) {
                String receipts = evidence.receipts() > 0 ? ", though the server says that it sent one" : "";
                lines.add(test + ": " + evidence.to() + " was asked to answer from " + where + ", "
                        + evidence.answerFrom() + ": "
                        + (evidence.answered() ? "it came." : "nothing came" + receipts + "."));
            }
        }
    }

    private String filteringConclusion() {
        return switch (report.verdict().filtering()) {
            case ENDPOINT_INDEPENDENT ->
                "An answer came from where nothing had been sent: the filtering is endpoint-independent.";
            case ADDRESS_DEPENDENT ->
                "An answer came from another port, but none from an address to which nothing had been sent: the"
                        + " filtering is address-dependent.";
            case ADDRESS_AND_PORT_DEPENDENT ->
                "No answer came but from where a packet had been sent, and they are known to have been sent: the"
                        + " filtering is address-and-port-dependent.";
            case UNKNOWN -> "The filtering was not measured.";
        };
    }

    private void addFragments() {
        switch (report.fragments().outgoing()) {
            case PASS -> lines.add("A request too long for one packet arrived: fragments pass on the way out.");
            case DROPPED -> lines.add("No request too long for one packet was answered: fragments are dropped.");
            case UNKNOWN -> {}
        }
        switch (report.fragments().incoming()) {
            case PASS -> lines.add("An answer too long for one packet came: fragments pass on the way in.");
            case DROPPED -> lines.add("No answer too long for one packet came: fragments are dropped on the way in.");
            case UNKNOWN -> {}
        }
    }

    private void addName() {
        Verdict verdict = report.verdict();
        lines.add(
                switch (verdict.natType()) {
                    case UNKNOWN -> "So no name is given.";
                    case SYMMETRIC ->
                        "Whoever is seen differently from different places is behind a NAT called Symmetric.";
                    case UDP_BLOCKED -> "That is called UDP Blocked.";
                    case OPEN, FIREWALL, FULL_CONE, RESTRICTED_CONE, PORT_RESTRICTED_CONE ->
                        "Mapping and filtering together are called "
                                + verdict.natType().title() + ".";
                });
    }

    private Optional<String> inconclusive(String what) {
        return report.verdict().inconclusive().stream()
                .filter(reason -> reason.what().equals(what))
                .map(Inconclusive::why)
                .map(why -> "The " + what + " is inconclusive: " + why + ".")
                .findFirst();
    }

    private List<Evidence> test(String name) {
        return report.evidence().stream()
                .filter(evidence -> evidence.test().equals(name))
                .toList();
    }
}
