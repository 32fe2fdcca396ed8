package dev.culvert.ice.gather;

import java.util.OptionalLong;

/** The earliest of several moments, compared by difference. Mutable, for one calculation. */
final class Earliest {
    private boolean isSet;
    private long nanos;

    void include(long momentNanos) {
        if (!isSet || momentNanos - nanos < 0) {
            nanos = momentNanos;
            isSet = true;
        }
    }

    void include(OptionalLong moment) {
        moment.ifPresent(this::include);
    }

    OptionalLong nanos() {
        return isSet ? OptionalLong.of(nanos) : OptionalLong.empty();
    }
}
