package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that come, do what they like and go, on bad links: nothing is left of them. */
class ChurnTest {
    /** More of it: {@code -Dculvert.session.runs=1000}, the first with {@code -Dculvert.seed=1}. */
    private static final int RUNS = Integer.getInteger("culvert.session.runs", 20);

    private static final long FIRST_SEED = Long.getLong("culvert.seed", 1);

    static Stream<Object[]> runs() {
        long[] starts = VirtualClock.hostileStarts();
        return IntStream.range(0, RUNS).mapToObj(i -> new Object[] {FIRST_SEED + i, starts[i % starts.length]});
    }

    @ParameterizedTest(name = "seed {0}, clock from {1}")
    @MethodSource("runs")
    @Rfc({"8656#6", "8656#9 (4)", "8656#7.2 (12)"})
    void nothingIsLeftOfClientsThatComeAndGo(long seed, long startNanos) {
        try {
            Churn churn = new Churn(seed, startNanos);
            churn.run();
            assertThat(churn.allocations()).isGreaterThan(10);
            assertThat(churn.arrivals()).isGreaterThan(20);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", clock from " + startNanos + ": " + e.getMessage(), e);
        }
    }
}
