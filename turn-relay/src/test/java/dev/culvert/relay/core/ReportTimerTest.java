package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayEvent.AllocationLasts;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Telling how far allocations are while they last. */
class ReportTimerTest {
    private static final String PEER = "192.0.2.9:4000";

    private final TestClient alice = TestClient.alice("198.51.100.7:1000");

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    void allocationIsToldOnceInEachIntervalUntilItsEnd(long startNanos) {
        RelayUnderTest relay = relay(startNanos);
        relay.server.reportEvery(Duration.ofSeconds(60).toNanos());
        relay.pass(Duration.ofSeconds(7));
        relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.passWithTimers(Duration.ofSeconds(90));
        relay.whenClientSendsChannelData(alice, 0x4000);
        relay.passWithTimers(Duration.ofSeconds(60));
        relay.grant(alice, Ask.refresh(0));
        relay.passWithTimers(Duration.ofSeconds(600));

        assertThat(told(relay))
                .extracting(AllocationView::ageNanos, AllocationView::traffic)
                .containsExactly(
                        tuple(Duration.ofSeconds(60).toNanos(), new Traffic(0, 0, 0, 0)),
                        tuple(Duration.ofSeconds(120).toNanos(), new Traffic(100, 1, 0, 0)));
        relay.thenNothingIsLeft();
    }

    @Test
    void whatWasMissedIsNotMadeUpFor() {
        RelayUnderTest relay = relay(0);
        relay.server.reportEvery(Duration.ofSeconds(60).toNanos());
        relay.allocate(alice);

        relay.pass(Duration.ofSeconds(250));
        relay.server.onTimeout(relay.clock.nowNanos(), relay.out);
        relay.passWithTimers(Duration.ofSeconds(60));

        assertThat(told(relay))
                .extracting(view -> Duration.ofNanos(view.ageNanos()).toSeconds())
                .containsExactly(250L, 310L);
    }

    @Test
    void nothingIsToldWhereNobodyAsked() {
        RelayUnderTest relay = relay(0);
        relay.allocate(alice);

        relay.passWithTimers(Duration.ofSeconds(599));

        assertThat(told(relay)).isEmpty();
    }

    private static RelayUnderTest relay(long startNanos) {
        Options options = new Options();
        options.clock = VirtualClock.startingAt(startNanos);
        return new RelayUnderTest(options);
    }

    private static List<AllocationView> told(RelayUnderTest relay) {
        return relay.out.events.stream()
                .filter(AllocationLasts.class::isInstance)
                .map(event -> ((AllocationLasts) event).allocation())
                .toList();
    }
}
