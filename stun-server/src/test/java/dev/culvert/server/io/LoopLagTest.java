package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagTest {
    private static final long START = Long.MAX_VALUE - LoopLag.PERIOD_NANOS;
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(30);

    private final LoopLag lag = new LoopLag();
    private long dueNanos = START;

    private void tick(long lateNanos) {
        dueNanos += LoopLag.PERIOD_NANOS;
        lag.onTick(dueNanos + lateNanos);
    }

    @Test
    void onTimeIsNoLag() {
        lag.begin(START);

        tick(0);
        tick(-1000);

        assertThat(lag.recentNanos()).isZero();
        assertThat(lag.lags().counts()[0]).isEqualTo(2);
    }

    @Test
    void aLongStopCountsForEachPeriodThatItTook() {
        lag.begin(START);
        long stop = 2 * LoopLag.PERIOD_NANOS;

        tick(stop);
        tick(stop - LoopLag.PERIOD_NANOS);
        tick(0);

        assertThat(lag.recentNanos()).isEqualTo(stop);
        assertThat(lag.lags().count()).isEqualTo(3);
        assertThat(lag.lags().sumNanos()).isEqualTo(3 * LoopLag.PERIOD_NANOS);
    }

    @Test
    void theLongestIsForgottenAfterTwentySeconds() {
        lag.begin(START);
        tick(LATE);

        for (int i = 0; i < 78; i++) {
            tick(0);
        }
        assertThat(lag.recentNanos()).isEqualTo(LATE);
        tick(0);

        assertThat(lag.recentNanos()).isZero();
    }
}
