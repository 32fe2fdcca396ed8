package dev.culvert.ice.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.culvert.testkit.Rfc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceOrderTest {
    private static final int DRAWS = 20_000;

    private static ServiceRecord record(int priority, int weight, String target) {
        return new ServiceRecord(priority, weight, 3478, target);
    }

    /** How often each target is tried first. */
    private static Map<String, Double> sharesOfFirst(List<ServiceRecord> records) {
        Random random = new Random(7);
        Map<String, Double> shares = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            shares.merge(ServiceOrder.of(records, random).get(0).target(), 1.0 / DRAWS, Double::sum);
        }
        return shares;
    }

    @Test
    @Rfc("2782#Usage (2)")
    void lowestPriorityComesFirstWhateverTheWeights() {
        List<ServiceRecord> records = List.of(record(30, 9, "c"), record(10, 0, "a"), record(20, 65535, "b"));

        assertThat(ServiceOrder.of(records, new Random(1)))
                .extracting(ServiceRecord::target)
                .containsExactly("a", "b", "c");
    }

    @Test
    @Rfc("2782#Usage (3)")
    void amongEqualsTheWeightsAreTheShares() {
        Map<String, Double> shares = sharesOfFirst(List.of(record(0, 60, "a"), record(0, 20, "b"), record(0, 20, "c")));

        assertThat(shares.get("a")).isCloseTo(0.6, within(0.02));
        assertThat(shares.get("b")).isCloseTo(0.2, within(0.02));
        assertThat(shares.get("c")).isCloseTo(0.2, within(0.02));
    }

    @Test
    void weightZeroIsSeldomFirstButNeverForgotten() {
        List<ServiceRecord> records = List.of(record(0, 100, "a"), record(0, 0, "b"));

        assertThat(sharesOfFirst(records).get("b")).isCloseTo(0.01, within(0.005));
        assertThat(ServiceOrder.of(records, new Random(1))).containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    void equalRecordsAndTheGreatestWeightsAreNoTrouble() {
        List<ServiceRecord> records = List.of(record(0, 65535, "a"), record(0, 65535, "a"), record(0, 65535, "b"));

        assertThat(ServiceOrder.of(records, new Random(1))).containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> record(65536, 0, "a")).hasMessageContaining("65536");
        assertThatThrownBy(() -> record(0, -1, "a")).hasMessageContaining("-1");
    }
}
