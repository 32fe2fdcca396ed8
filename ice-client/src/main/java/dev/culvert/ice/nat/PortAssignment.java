package dev.culvert.ice.nat;

import java.util.List;

/** The rule by which a NAT seems to choose external ports (RFC 4787 §4.2.1). */
public enum PortAssignment {
    /** There is no NAT. */
    NONE("none"),
    /** The external port is the local one. */
    PRESERVED("preserved"),
    /** Mostly the local one; another where that is taken. */
    MOSTLY_PRESERVED("mostly-preserved"),
    /** Each is the one before plus a constant. */
    SEQUENTIAL("sequential"),
    /** They rise by small steps that differ, as where other hosts take some meanwhile. */
    RISING("rising"),
    /** No rule is seen. */
    SCATTERED("scattered"),
    /** Too few were seen to tell. */
    UNKNOWN("unknown");

    private static final int FEWEST = 4;
    private static final int SMALL_STEP = 64;

    private final String text;

    PortAssignment(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }

    /** Whether the next external port can be guessed. */
    public boolean isPredictable() {
        return switch (this) {
            case NONE, PRESERVED, MOSTLY_PRESERVED, SEQUENTIAL, RISING -> true;
            case SCATTERED, UNKNOWN -> false;
        };
    }

    /** The rule behind {@code samples}, which were taken in this order behind a NAT. */
    static PortAssignment of(List<PortSample> samples) {
        if (samples.size() < FEWEST) {
            return UNKNOWN;
        }
        long preserved = samples.stream()
                .filter(sample -> sample.localPort() == sample.external().port())
                .count();
        if (preserved * 2 > samples.size()) {
            return preserved == samples.size() ? PRESERVED : MOSTLY_PRESERVED;
        }
        int[] steps = new int[samples.size() - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = samples.get(i + 1).external().port()
                    - samples.get(i).external().port();
        }
        int firstStep = steps[0];
        boolean constant = true;
        int small = 0;
        for (int step : steps) {
            constant &= step == firstStep;
            small += step > 0 && step <= SMALL_STEP ? 1 : 0;
        }
        if (constant && firstStep != 0) {
            return SEQUENTIAL;
        }
        // One step may be large: where the range of ports begins anew.
        return small >= steps.length - 1 ? RISING : SCATTERED;
    }
}
