package dev.culvert.ice.time;

import java.util.OptionalLong;

/** The earliest of several moments, compared by difference. Mutable, for one calculation. */
public final class Earliest {
    private boolean isSet;
    private long nanos;

    public void include(long momentNanos) {
        if (!isSet || momentNanos - nanos < 0) {
            nanos = momentNanos;
            isSet = true;
        }
    }

    public void include(OptionalLong moment) {
        moment.ifPresent(this::include);
    }

    public OptionalLong nanos() {
        return isSet ? OptionalLong.of(nanos) : OptionalLong.empty();
    }
}
