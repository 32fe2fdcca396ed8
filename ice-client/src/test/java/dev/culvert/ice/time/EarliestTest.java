package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void earliestIsFoundThoughTheClockOverflowsBetween() {
        Deadline deadline = new Deadline();

        deadline.include(Long.MIN_VALUE + 5);
        deadline.include(Long.MAX_VALUE - 5);
        deadline.include(Long.MIN_VALUE);

        assertThat(deadline.nanos()).hasValue(Long.MAX_VALUE - 5);
    }

    @Test
    void nothingIncludedIsNoDeadline() {
        assertThat(new Deadline().nanos()).isEmpty();
    }
}
