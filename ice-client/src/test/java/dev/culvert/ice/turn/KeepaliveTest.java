package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeepaliveTest {
    private static final Duration INTERVAL = Duration.ofSeconds(25);

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    void flowIsNeverIdleForLongerThanTheInterval(long startNanos) {
        TurnFlow flow = TurnFlow.keptAlive(startNanos, INTERVAL).allocated();
        flow.sendTimes.clear();

        flow.run(Duration.ofMinutes(5));

        assertThat(flow.server.keepalives).isEqualTo(12);
        for (int i = 1; i < flow.sendTimes.size(); i++) {
            assertThat(flow.sendTimes.get(i) - flow.sendTimes.get(i - 1)).isLessThanOrEqualTo(INTERVAL.toNanos());
        }
    }

    @Test
    void itEndsWithTheAllocation() {
        TurnFlow flow = TurnFlow.keptAlive(0, INTERVAL).allocated();

        flow.close();
        flow.run(Duration.ofMinutes(5));

        assertThat(flow.server.keepalives).isZero();
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void itIsOffUnlessAskedFor() {
        TurnFlow flow = TurnFlow.overUdp().allocated();

        flow.run(Duration.ofMinutes(5));

        assertThat(flow.server.keepalives).isZero();
    }
}
