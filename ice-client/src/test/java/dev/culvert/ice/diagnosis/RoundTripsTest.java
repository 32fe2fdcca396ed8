package dev.culvert.ice.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripsTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final List<ByteBuffer> sent = new ArrayList<>();
    private VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE);

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    private RoundTrips measurement(int count) {
        return new RoundTrips(
                new RoundTrips.Plan(count, 160, INTERVAL, Duration.ofSeconds(1), sent::add), new Random(3));
    }

    private void pass(RoundTrips measurement, long millis) {
        clock.advance(Duration.ofMillis(millis));
        measurement.onTimeout(clock.nowNanos());
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    void whatComesBackIsTimed(long startNanos) {
        clock = VirtualClock.startingAt(startNanos);
        RoundTrips measurement = measurement(3);

        measurement.start(clock.nowNanos());
        pass(measurement, 10);
        measurement.onArrival(sent.get(0), clock.nowNanos());
        pass(measurement, 10);
        pass(measurement, 14);
        measurement.onArrival(sent.get(1), clock.nowNanos());
        pass(measurement, 6);
        assertThat(measurement.isFinished()).isFalse();
        pass(measurement, 18);
        measurement.onArrival(sent.get(2), clock.nowNanos());

        assertThat(measurement.isFinished()).isTrue();
        assertThat(measurement.nextDeadlineNanos()).isEmpty();
        assertThat(measurement.summary())
                .isEqualTo(
                        new RoundTripSummary(3, 3, Duration.ofMillis(14), Duration.ofMillis(18), Duration.ofMillis(4)));
        assertThat(sent).allSatisfy(payload -> assertThat(payload.remaining()).isEqualTo(160));
    }

    @Test
    void whatDoesNotComeBackInTimeIsLost() {
        RoundTrips measurement = measurement(2);
        measurement.start(clock.nowNanos());
        pass(measurement, 20);
        measurement.onArrival(sent.get(1), clock.nowNanos());

        pass(measurement, 999);
        assertThat(measurement.isFinished()).isFalse();
        pass(measurement, 1);
        measurement.onArrival(sent.get(0), clock.nowNanos());

        assertThat(measurement.isFinished()).isTrue();
        assertThat(measurement.summary().received()).isEqualTo(1);
        assertThat(measurement.summary().loss()).isEqualTo(0.5);
    }

    @Test
    void copiesAndStrangersDoNotCount() {
        RoundTrips measurement = measurement(2);
        measurement.start(clock.nowNanos());

        measurement.onArrival(sent.get(0), clock.nowNanos());
        measurement.onArrival(sent.get(0), clock.nowNanos());
        measurement.onArrival(ByteBuffer.allocate(160), clock.nowNanos());
        measurement.onArrival(ByteBuffer.allocate(3), clock.nowNanos());
        measurement.onArrival(sent.get(0).duplicate().putInt(8, 1), clock.nowNanos());

        assertThat(measurement.summary().received()).isEqualTo(1);
        assertThat(measurement.isFinished()).isFalse();
    }

    @Test
    void percentilesAreThoseOfTheWhole() {
        List<Long> millis = LongStream.rangeClosed(1, 100)
                .map(number -> Duration.ofMillis(number).toNanos())
                .boxed()
                .toList();

        RoundTripSummary summary = RoundTripSummary.of(200, millis);

        assertThat(summary.median()).isEqualTo(Duration.ofMillis(50));
        assertThat(summary.p99()).isEqualTo(Duration.ofMillis(99));
        assertThat(summary.jitter()).isEqualTo(Duration.ofMillis(1));
        assertThat(summary.loss()).isEqualTo(0.5);
    }

    @Test
    void nothingAtAllIsSummedUp() {
        RoundTripSummary summary = RoundTripSummary.of(5, List.of());

        assertThat(summary).isEqualTo(new RoundTripSummary(5, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(summary.loss()).isEqualTo(1);
    }

    @Test
    void senselessPlansAreRefused() {
        assertThatThrownBy(() -> measurement(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProbePayload(1, 11)).hasMessageContaining("11");
    }
}
