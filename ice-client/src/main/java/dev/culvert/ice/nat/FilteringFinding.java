package dev.culvert.ice.nat;

import dev.culvert.ice.nat.FilteringTests.Kind;
import java.util.Locale;

/**
 * What one server's filtering tests come to.
 *
 * @param filtering proven, or {@code UNKNOWN}
 * @param confidence 0–1
 * @param why it is not proven; empty where it is
 */
record FilteringFinding(FilteringBehavior filtering, double confidence, String why) {
    private static final double LEAST_CONFIDENCE = 0.98;

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
        int provenF1 = tests.provenSilences(Kind.F1);
        if (provenF1 == 0) {
            return unknown("no answer from the other address, and nothing proves that the server sent one");
        }
        // A filter that lets one unknown address in lets all in, whatever became of F1.
        if (tests.passed(Kind.F3)) {
            return unknown("an answer came from the other address with the same port, but not with the other port");
        }
        double confidence = prober.confidenceAfter(provenF1);
        if (tests.passed(Kind.F2)) {
            return proven(FilteringBehavior.ADDRESS_DEPENDENT, confidence, prober);
        }
        int provenF2 = tests.provenSilences(Kind.F2);
        if (provenF2 == 0) {
            return unknown("no answer from the other port, and nothing proves that the server sent one");
        }
        double both = confidence * prober.confidenceAfter(provenF2);
        return proven(FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT, both, prober);
    }

    /** Silence that chance explains too well is no proof. */
    private static FilteringFinding proven(FilteringBehavior filtering, double confidence, Prober prober) {
        if (confidence < LEAST_CONFIDENCE) {
            return unknown(String.format(
                    Locale.ROOT,
                    "too many packets are lost (%.0f %% of the round trips) to tell silence from loss; try --patient",
                    prober.loss() * 100));
        }
        return new FilteringFinding(filtering, confidence, "");
    }
}
