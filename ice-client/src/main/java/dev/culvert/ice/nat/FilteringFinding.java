package dev.culvert.ice.nat;

import dev.culvert.ice.nat.FilteringTests.Kind;

/**
 * What one server's filtering tests come to.
 *
 * @param filtering proven, or {@code UNKNOWN}
 * @param confidence 0–1
 * @param why it is not proven; empty where it is
 */
record FilteringFinding(FilteringBehavior filtering, double confidence, String why) {
    static FilteringFinding unknown(String why) {
        return new FilteringFinding(FilteringBehavior.UNKNOWN, 0, why);
    }

    /** Reads the answers and silences of {@code tests}; silence proves nothing unless the answer is known to be sent. */
    static FilteringFinding of(FilteringTests tests, Prober prober) {
        if (!tests.faults().isEmpty()) {
            return unknown("not measurable with this server: it "
                    + tests.faults().get(0).kind().meaning());
        }
        if (tests.passed(Kind.F1)) {
            return new FilteringFinding(FilteringBehavior.ENDPOINT_INDEPENDENT, prober.confidenceAfter(1), "");
        }
        int provenF1 = provenSilences(tests, Kind.F1, Kind.K);
        if (provenF1 == 0) {
            return unknown("no answer from the other address, and nothing proves that the server sent one");
        }
        double confidence = prober.confidenceAfter(provenF1);
        if (tests.passed(Kind.F2)) {
            return new FilteringFinding(FilteringBehavior.ADDRESS_DEPENDENT, confidence, "");
        }
        if (tests.passed(Kind.F3)) {
            return unknown("an answer came from the other address with the same port, but from no other port");
        }
        int provenF2 = provenSilences(tests, Kind.F2, Kind.K2);
        if (provenF2 == 0) {
            return unknown("no answer from the other port, and nothing proves that the server sent one");
        }
        double both = confidence * prober.confidenceAfter(provenF2);
        return new FilteringFinding(FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT, both, "");
    }

    /** How many answers to {@code test} were certainly sent but did not come in. */
    private static int provenSilences(FilteringTests tests, Kind test, Kind control) {
        return tests.result(test)
                .map(exchange -> tests.passed(control) ? exchange.sent() : exchange.receipts())
                .orElse(0);
    }
}
