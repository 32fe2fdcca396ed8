package dev.culvert.ice.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepaliveAdviceTest {
    @ParameterizedTest(name = "fresh {0}–{1}, stream {2}–{3}")
    @CsvSource({
        "30,  45,  120, 180, 15, 60, 60", // Linux
        "15,  30,  90,  120, 7,  45, 45",
        "600, 0,   600, 0,   300, 300, 300",
        "15,  30,  15,  30,  7,  7,  15",
        "2,   4,   6,   8,   1,  3,  0",
        "10,  20,  10,  20,  5,  5,  0", // Not known whether 15 s are safe.
        "0,   1,   0,   1,   0,  0,  0",
        "0,   0,   0,   0,   0,  0,  0"
    })
    @Rfc("8445#11")
    void intervalIsHalfOfTheLowerBoundAndIceNeverSendsMoreOftenThanEvery15Seconds(
            long freshAtLeast,
            long freshLess,
            long streamAtLeast,
            long streamLess,
            long interval,
            long inStreams,
            long ice) {
        KeepaliveAdvice advice = KeepaliveAdvice.of(
                interval(Ladder.FRESH, freshAtLeast, freshLess), interval(Ladder.STREAM, streamAtLeast, streamLess));

        assertThat(advice.interval()).isEqualTo(seconds(interval));
        assertThat(advice.inStreams()).isEqualTo(seconds(inStreams));
        assertThat(advice.ice()).isEqualTo(seconds(ice));
        assertThat(advice.why()).isNotEmpty();
    }

    private static LifetimeInterval interval(Ladder ladder, long atLeast, long lessThan) {
        return new LifetimeInterval(ladder, seconds(atLeast), seconds(lessThan), 1, "");
    }

    /** 0 stands for unknown. */
    private static Optional<Duration> seconds(long seconds) {
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
