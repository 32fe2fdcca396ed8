package dev.culvert.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    @Test
    void standsStillUntilAdvanced() {
        VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE);

        clock.advance(Duration.ofSeconds(3));

        assertThat(clock.nowNanos() - Long.MIN_VALUE).isEqualTo(3_000_000_000L);
        assertThat(clock.getAsLong()).isEqualTo(clock.nowNanos());
    }

    @Test
    void overflowsLikeNanoTime() {
        VirtualClock clock = VirtualClock.startingAt(Long.MAX_VALUE);

        clock.advanceNanos(1);

        assertThat(clock.nowNanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void advancesToAMomentBeyondTheOverflow() {
        VirtualClock clock = VirtualClock.startingAt(Long.MAX_VALUE - 5);

        clock.advanceTo(Long.MIN_VALUE + 5);

        assertThat(clock.nowNanos()).isEqualTo(Long.MIN_VALUE + 5);
    }

    @Test
    void staysWhereItIsWhenTheMomentHasPassed() {
        VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE + 5);

        clock.advanceTo(Long.MAX_VALUE);

        assertThat(clock.nowNanos()).isEqualTo(Long.MIN_VALUE + 5);
    }

    @Test
    void refusesToRunBackwards() {
        VirtualClock clock = VirtualClock.startingAt(0);

        assertThatThrownBy(() -> clock.advanceNanos(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
