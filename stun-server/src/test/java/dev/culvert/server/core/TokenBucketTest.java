package dev.culvert.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private final TokenBucket bucket = new TokenBucket();

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
    void bucketIsFullAtFirstAndFillsAgainWhateverTheClockBeginsWith(long start) {
        assertThat(bucket.take(60, 100, start)).isTrue();
        assertThat(bucket.take(41, 100, start)).isFalse();
        assertThat(bucket.take(40, 100, start)).isTrue();
        assertThat(bucket.take(1, 100, start)).isFalse();

        assertThat(bucket.take(31, 100, start + 30)).isFalse();
        assertThat(bucket.take(30, 100, start + 30)).isTrue();
        assertThat(bucket.take(101, 100, start + 1_000_000)).isFalse();
        assertThat(bucket.take(100, 100, start + 1_000_000)).isTrue();
    }

    @Test
    void whatIsPutBackCanBeTakenAgain() {
        bucket.take(60, 100, 0);

        bucket.putBack(60);

        assertThat(bucket.take(100, 100, 0)).isTrue();
        assertThat(bucket.take(1, 100, 0)).isFalse();
    }

    @Test
    void bucketThatHeldMoreIsEmptyAndNoLess() {
        bucket.take(1_000_000, 1_000_000, 0);

        assertThat(bucket.take(1, 100, 0)).isFalse();
        assertThat(bucket.take(51, 100, 50)).isFalse();
        assertThat(bucket.take(50, 100, 50)).isTrue();
    }

    @Test
    void clockOfAnotherThreadThatIsAheadMakesNothingFree() {
        bucket.take(100, 100, 10);

        assertThat(bucket.take(1, 100, 0)).isFalse();
        assertThat(bucket.take(1, 100, 10)).isFalse();
    }

    @Test
    void threadsTogetherTakeNoMoreThanOneAlone() throws Exception {
        int burst = 100_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(() -> taken(burst));
            }
            int taken = 0;
            for (Future<Integer> result : threads.invokeAll(tasks)) {
                taken += result.get();
            }
            assertThat(taken).isEqualTo(burst);
        } finally {
            threads.shutdown();
        }
    }

    private int taken(int burst) {
        int taken = 0;
        for (int i = 0; i < burst; i++) {
            taken += bucket.take(1, burst, 7) ? 1 : 0;
        }
        return taken;
    }
}
