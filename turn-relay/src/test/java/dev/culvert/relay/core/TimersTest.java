package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("NullAway") // where a route is missing, the test fails
class TimersTest {
    private static final class Plain extends Timed {
        @Override
        void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
            throw new AssertionError("nobody asked for it");
        }
    }

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    void whatIsDueComesInOrderHoweverOftenItWasMoved(long startNanos) {
        Random random = new Random(3);
        Timers timers = new Timers();
        List<Timed> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(new Plain());
        }
        for (int i = 0; i < 20_000; i++) {
            Timed one = all.get(random.nextInt(all.size()));
            if (random.nextInt(4) == 0) {
                timers.cancel(one);
            } else {
                timers.schedule(one, startNanos + random.nextInt(10_000_000));
            }
        }
        long scheduled = all.stream().filter(Timed::isScheduled).count();
        assertThat(timers.size()).isEqualTo((int) scheduled).isPositive();

        long lastNanos = startNanos;
        for (int i = 0; i < scheduled; i++) {
            long dueNanos = timers.nextDeadlineNanos().orElseThrow();
            assertThat(dueNanos - lastNanos).isNotNegative();
            assertThat(timers.poll(dueNanos - 1)).isNull();
            Timed due = timers.poll(dueNanos);
            assertThat(due).isNotNull();
            assertThat(due.untilNanos()).isEqualTo(dueNanos);
            lastNanos = dueNanos;
        }
        assertThat(timers.nextDeadlineNanos()).isEmpty();
        assertThat(all).noneMatch(Timed::isScheduled);
    }
}
