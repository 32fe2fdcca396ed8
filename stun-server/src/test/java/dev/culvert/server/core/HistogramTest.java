package dev.culvert.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void eachDurationFallsIntoTheFirstRangeThatHoldsIt() {
        Histogram histogram = new Histogram();
        List<Duration> bounds = Histogram.bounds();

        histogram.record(0);
        bounds.forEach(bound -> histogram.record(bound.toNanos()));
        histogram.record(bounds.get(bounds.size() - 1).toNanos() + 1);

        assertThat(bounds).isSorted().hasSize(9);
        assertThat(histogram.counts()).containsExactly(2, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(histogram.count()).isEqualTo(11);
    }

    @Test
    void sumIsThatOfAllParts() {
        Histogram one = new Histogram();
        Histogram two = new Histogram();
        one.record(50_000);
        two.record(50_000);
        two.record(2_000_000);

        Histogram sum = Histogram.sum(List.of(one, two));

        assertThat(sum.counts()).containsExactly(2, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        assertThat(sum.sumNanos()).isEqualTo(2_100_000);
        assertThat(one.count()).isEqualTo(1);
    }
}
