package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefreshTest {
    private final TurnFlow flow = TurnFlow.overUdp();

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc({"8656#8 (1)", "8656#8.3 (1)"})
    void refreshComesAMinuteBeforeTheEnd(long startNanos) {
        TurnFlow hostile = new TurnFlow(startNanos, TurnClient.Transport.DATAGRAM, ScriptedRealm.USER).allocated();

        hostile.run(Duration.ofSeconds(538));
        assertThat(hostile.server.methods).doesNotContain(StunMethod.REFRESH);
        hostile.run(Duration.ofSeconds(2));
        assertThat(hostile.server.methods).containsOnlyOnce(StunMethod.REFRESH);
        hostile.run(Duration.ofHours(2));

        assertThat(hostile.server.methods.stream().filter(method -> method == StunMethod.REFRESH))
                .hasSize(1 + 13);
        assertThat(hostile.events).isEmpty();
        assertThat(hostile.server.hasAllocation(hostile.clock.nowNanos())).isTrue();
    }

    @Test
    void shortAllocationIsRefreshedHalfWay() {
        flow.server.lifetimeSeconds = 20;
        flow.allocated();

        flow.run(Duration.ofMinutes(5));

        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isTrue();
        assertThat(flow.events).isEmpty();
    }

    @Test
    @Rfc("8656#8.3 (2)")
    void allocationThatTheServerForgotIsLost() {
        flow.allocated();
        flow.server.restart();

        flow.run(Duration.ofMinutes(10));

        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationLost(new TurnFailure.Refused(ErrorCode.of(437), List.of())));
        assertThat(flow.client.relayed()).isEmpty();
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void serverErrorAtARefreshIsWaitedOut() {
        flow.allocated();
        flow.server.refuse(StunMethod.REFRESH, 500);
        flow.run(Duration.ofSeconds(560));
        flow.server.relent();

        flow.run(Duration.ofMinutes(10));

        assertThat(flow.events).isEmpty();
        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isTrue();
    }

    @Test
    @Rfc("8489#6.3.4 (3)")
    void serverErrorThatStaysEndsTheAllocationAfterAFewTries() {
        flow.allocated();
        flow.server.refuse(StunMethod.REFRESH, 500);

        flow.run(Duration.ofHours(1));

        assertThat(flow.server.methods.stream().filter(method -> method == StunMethod.REFRESH))
                .hasSizeLessThanOrEqualTo(5);
        assertThat(flow.events).singleElement().isInstanceOf(TurnEvent.AllocationLost.class);
    }

    @Test
    void outageOfAMinuteAtTheRefreshIsSurvived() {
        flow.allocated();
        flow.run(Duration.ofSeconds(530));
        flow.loses = () -> true;
        flow.run(Duration.ofMinutes(1));
        flow.loses = () -> false;

        flow.run(Duration.ofMinutes(10));

        assertThat(flow.events).isEmpty();
        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isTrue();
    }

    @Test
    void serverThatFallsSilentLosesTheAllocation() {
        flow.allocated();
        flow.loses = () -> true;

        flow.run(Duration.ofMinutes(11));

        assertThat(flow.events).containsExactly(new TurnEvent.AllocationLost(new TurnFailure.Silence()));
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void credentialThatIsTakenBackEndsTheAllocation() {
        flow.allocated();
        flow.server.realm.password = "another";

        flow.run(Duration.ofMinutes(11));

        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationLost(new TurnFailure.Refused(ErrorCode.of(401), List.of())));
    }

    @Test
    @Rfc("8656#8.1 (1)")
    void closingDeletesTheAllocation() {
        flow.allocated();

        flow.close();

        assertThat(lastRequest().get(Lifetime.TYPE)).isEqualTo(Optional.of(new Lifetime(0)));
        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isFalse();
        assertThat(flow.events).containsExactly(new TurnEvent.Closed());
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    @Rfc("8656#8.3 (3)")
    void mismatchAtTheDeletionIsAsGoodAsSuccess() {
        flow.allocated();
        flow.server.restart();

        flow.close();

        assertThat(flow.events).containsExactly(new TurnEvent.Closed());
    }

    @Test
    void closingWhileAllocatingDeletesWhatComesOfIt() {
        flow.client.allocate(AllocateOptions.defaults(), flow.clock.nowNanos(), flow);

        flow.close();

        assertThat(flow.server.methods).containsExactly(StunMethod.ALLOCATE, StunMethod.ALLOCATE, StunMethod.REFRESH);
        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isFalse();
        assertThat(flow.events).containsExactly(new TurnEvent.Closed());
    }

    @Test
    void closingNothingIsToldAtOnce() {
        flow.client.close(flow.clock.nowNanos(), flow);

        assertThat(flow.events).containsExactly(new TurnEvent.Closed());
        assertThat(flow.sent).isEmpty();
    }

    private StunMessage lastRequest() {
        return flow.server.requests.get(flow.server.requests.size() - 1);
    }
}
