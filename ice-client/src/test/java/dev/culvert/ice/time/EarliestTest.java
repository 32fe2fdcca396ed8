package dev.culvert.ice.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EarliestTest {
    @Test
    void earliestIsFoundThoughTheClockOverflowsBetween() {
        Earliest deadline = new Earliest();

        deadline.include(Long.MIN_VALUE + 5);
        deadline.include(Long.MAX_VALUE - 5);
        deadline.include(Long.MIN_VALUE);

        assertThat(deadline.nanos()).hasValue(Long.MAX_VALUE - 5);
    }

    @Test
    void nothingIncludedIsNoDeadline() {
        assertThat(new Earliest().nanos()).isEmpty();
    }
}
