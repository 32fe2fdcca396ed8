package dev.culvert.relay.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeliveryPaceTest {
    private final DeliveryPace pace = new DeliveryPace(new Random(1));

    @Test
    void waitsTwiceAsLongEachTimeUpToAMinuteWithHalfOfItAtRandom() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waits.add(pace.failed(503, 0));
        }

        for (int i = 0; i < waits.size(); i++) {
            long whole = Math.min(60_000, 1_000L << Math.min(i, 10));
            assertThat(waits.get(i)).isBetween(whole / 2, whole);
        }
        assertThat(waits.subList(10, 100).stream().distinct().count()).isGreaterThan(50);
    }

    @Test
    void successEndsTheWaiting() {
        for (int i = 0; i < 10; i++) {
            pace.failed(0, 0);
        }

        pace.succeeded();

        assertThat(pace.failures()).isZero();
        assertThat(pace.failed(0, 0)).isBetween(500L, 1_000L);
    }

    @Test
    void endpointMayAskForMoreTimeButNotForMoreThanAMinute() {
        assertThat(pace.failed(429, 30)).isEqualTo(30_000);
        assertThat(pace.failed(503, 86_400)).isEqualTo(60_000);
    }

    @Test
    void whatIsTooLargeComesInSmallerBatches() {
        pace.failed(413, 0);
        assertThat(pace.mostEvents()).isEqualTo(250);
        for (int i = 0; i < 20; i++) {
            pace.failed(413, 0);
        }
        assertThat(pace.mostEvents()).isOne();

        pace.succeeded();

        assertThat(pace.mostEvents()).isEqualTo(2);
    }

    @Test
    void onlySuccessIsADelivery() {
        assertThat(List.of(200, 201, 202, 204)).allMatch(DeliveryPace::isDelivered);
        assertThat(List.of(0, 100, 301, 307, 400, 401, 403, 404, 408, 410, 413, 422, 429, 500, 503))
                .noneMatch(DeliveryPace::isDelivered);
    }
}
