package dev.culvert.ice.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Over a path that takes one datagram in so many microseconds, holds a queue, and drops what is over. */
class ThroughputTest {
    private static final int LENGTH = 1200;
    private static final int QUEUE = 100;

    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    private VirtualClock clock = VirtualClock.startingAt(Long.MIN_VALUE);
    private boolean isCut;

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    private void enqueue(ByteBuffer datagram) {
        if (!isCut && queue.size() < QUEUE) {
            queue.add(datagram);
        }
    }

    private ThroughputSummary measure(Duration perDatagram) {
        Throughput throughput = new Throughput(LENGTH, Duration.ofSeconds(1), this::enqueue, new Random(5));
        throughput.start(clock.nowNanos());
        while (!throughput.isFinished()) {
            clock.advance(perDatagram);
            if (!queue.isEmpty()) {
                throughput.onArrival(queue.remove(), clock.nowNanos());
            }
            throughput.onTimeout(clock.nowNanos());
        }
        return throughput.summary();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    void thePathIsFilled(long startNanos) {
        clock = VirtualClock.startingAt(startNanos);

        ThroughputSummary summary = measure(Duration.ofNanos(200_000));

        // 5,000 datagrams of 1,200 bytes a second.
        assertThat(summary.bitsPerSecond()).isCloseTo(48e6, within(2e6));
        assertThat(summary.loss()).isBetween(0.0, 0.05);
        assertThat(summary.sent()).isGreaterThanOrEqualTo(summary.arrived());
    }

    @Test
    void aPathThatIsCutEndsTheMeasurement() {
        isCut = true;

        ThroughputSummary summary = measure(Duration.ofMillis(1));

        assertThat(summary.arrived()).isZero();
        assertThat(summary.bitsPerSecond()).isZero();
        assertThat(summary.loss()).isEqualTo(1);
        assertThat(summary.sent()).as("no more than some windows").isLessThanOrEqualTo(5 * 16);
    }
}
