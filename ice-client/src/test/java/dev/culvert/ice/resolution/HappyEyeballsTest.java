package dev.culvert.ice.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HappyEyeballsTest {
    private final List<String> calls = new ArrayList<>();
    private VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE);
    private HappyEyeballs race = race(3);

    private HappyEyeballs race(int attempts) {
        return new HappyEyeballs(attempts, HappyEyeballs.ATTEMPT_DELAY, new HappyEyeballs.Output() {
            @Override
            public void begin(int attempt) {
                calls.add("begin " + attempt);
            }

            @Override
            public void cancel(int attempt) {
                calls.add("cancel " + attempt);
            }

            @Override
            public void onAllFailed() {
                calls.add("all failed");
            }
        });
    }

    private void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
        race.onTimeout(clock.nowNanos());
    }

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc("8305#5 (1)")
    void theNextBeginsAQuarterOfASecondLater(long startNanos) {
        clock = VirtualClock.startingAt(startNanos);

        race.start(clock.nowNanos());
        pass(249);
        assertThat(calls).containsExactly("begin 0");
        pass(1);
        pass(250);

        assertThat(calls).containsExactly("begin 0", "begin 1", "begin 2");
        assertThat(race.nextDeadlineNanos()).isEmpty();
    }

    @Test
    @Rfc("8305#5 (2)")
    void whoAnswersFirstRunsOnAlone() {
        race.start(clock.nowNanos());
        pass(250);

        race.onAnswered(1);
        pass(10_000);
        race.onFailed(0, clock.nowNanos());
        race.onAnswered(0);
        race.stop(1);

        assertThat(calls).containsExactly("begin 0", "begin 1", "cancel 0");
        assertThat(race.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void whatFailsMakesWayAtOnce() {
        race.start(clock.nowNanos());
        pass(10);

        race.onFailed(0, clock.nowNanos());
        pass(249);
        assertThat(calls).containsExactly("begin 0", "begin 1");
        pass(1);

        assertThat(calls).containsExactly("begin 0", "begin 1", "begin 2");
    }

    @Test
    void afterAnAnswererThatFailsTheRestFollows() {
        race.start(clock.nowNanos());
        pass(250);
        race.onAnswered(0);

        race.onFailed(0, clock.nowNanos());

        assertThat(calls).containsExactly("begin 0", "begin 1", "cancel 1", "begin 2");
    }

    @Test
    void whenAllHaveFailedItIsToldOnce() {
        race = race(2);
        race.start(clock.nowNanos());

        race.onFailed(0, clock.nowNanos());
        race.onFailed(1, clock.nowNanos());
        race.onFailed(1, clock.nowNanos());

        assertThat(calls).containsExactly("begin 0", "begin 1", "all failed");
    }

    @Test
    void theLastOneIsWaitedFor() {
        race = race(2);
        race.start(clock.nowNanos());
        pass(250);

        race.onFailed(1, clock.nowNanos());
        assertThat(calls).containsExactly("begin 0", "begin 1");
        race.onFailed(0, clock.nowNanos());

        assertThat(calls).containsExactly("begin 0", "begin 1", "all failed");
    }
}
