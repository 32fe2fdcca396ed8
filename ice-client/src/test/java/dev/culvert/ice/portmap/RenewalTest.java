package dev.culvert.ice.portmap;

import static dev.culvert.ice.portmap.MappingProtocol.NAT_PMP;
import static dev.culvert.ice.portmap.MappingProtocol.PCP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Mappings that are asked for again, renewed, lost and made again, with a scripted router in virtual time. */
class RenewalTest {
    private static final MappingRequest UDP_5000 = MappingRequest.of(PortProtocol.UDP, 5000);
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    @Rfc({"6887#11.2.1 (1)", "6886#3.3 (1)"})
    void isRenewedAfterHalfItsLife(MappingProtocol protocol) {
        ScriptedRouter router = new ScriptedRouter(protocol).started();
        router.map(UDP_5000);
        router.pass(Duration.ofMinutes(59));
        assertThat(router.eventsOf(PortMapEvent.Renewed.class)).isEmpty();

        router.pass(Duration.ofMinutes(17));

        assertThat(router.eventsOf(PortMapEvent.Renewed.class)).hasSize(1);
        assertThat(router.eventsOf(PortMapEvent.Mapped.class)).hasSize(1);
    }

    @Test
    void staysMappedThroughAVirtualWeek() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000);

        router.pass(Duration.ofDays(7));

        assertThat(router.eventsOf(PortMapEvent.Lost.class)).isEmpty();
        assertThat(router.eventsOf(PortMapEvent.Renewed.class).size()).isBetween(130, 170);
    }

    @Test
    @Rfc("6887#11.2.1 (2)")
    void renewalsAreTriedAgainNeverLessThanFourSecondsApart() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000.withLifetime(Duration.ofMinutes(2)));
        router.pass(Duration.ofSeconds(10));
        int before = router.receivedAtNanos.size();

        router.speaks.clear();
        router.pass(Duration.ofSeconds(109));

        List<Long> times = router.receivedAtNanos.subList(before, router.receivedAtNanos.size());
        assertThat(times).hasSizeBetween(4, 7);
        assertThat(LongStream.range(1, times.size()).map(i -> times.get((int) i) - times.get((int) i - 1)))
                .allMatch(pause -> pause >= Duration.ofSeconds(4).toNanos());
    }

    @Test
    void aMappingThatRanOutIsToldAndMadeAgainWhenTheRouterIsBack() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000.withLifetime(Duration.ofMinutes(2)));
        router.pass(A_WHILE);
        router.speaks.clear();
        router.pass(Duration.ofMinutes(3));
        assertThat(router.eventsOf(PortMapEvent.Lost.class)).hasSize(1);
        assertThat(router.mapper.mappings()).isEmpty();

        router.restart();
        router.speaks.add(PCP);
        router.pass(Duration.ofMinutes(10));

        assertThat(router.table).containsOnlyKeys("UDP 5000");
        assertThat(router.eventsOf(PortMapEvent.Mapped.class)).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    @Rfc({"6887#14.1.3 (1)", "6887#8.5 (1)"})
    void aRestartedPcpRouterGetsItsMappingsAgainWithinSeconds(long start) {
        ScriptedRouter router = new ScriptedRouter(start, PCP).started();
        router.map(UDP_5000);
        router.pass(Duration.ofMinutes(10));

        router.restart();
        router.fromRouter(5351, router.announcement());
        router.pass(Duration.ofMillis(100));
        assertThat(router.eventsOf(PortMapEvent.RouterRestarted.class)).hasSize(1);
        router.pass(Duration.ofSeconds(5));

        assertThat(router.table).containsEntry("UDP 5000", 5000);
        assertThat(router.eventsOf(PortMapEvent.RouterRestarted.class)).hasSize(1);
    }

    static LongStream hostileStarts() {
        return LongStream.of(VirtualClock.hostileStarts());
    }

    @Test
    @Rfc({"6886#3.7 (1)", "6886#3.2.1 (1)"})
    void aRestartedNatPmpRouterGetsItsMappingsAgain() {
        ScriptedRouter router = new ScriptedRouter(NAT_PMP).started();
        router.map(UDP_5000);
        router.pass(Duration.ofMinutes(10));

        router.restart();
        router.fromRouter(5351, new byte[] {0, (byte) 128, 0, 0, 0, 0, 0, 0, (byte) 203, 0, 113, 5});
        router.wan = IpAddress.parse("203.0.113.5").orElseThrow();
        router.pass(Duration.ofSeconds(6));

        assertThat(router.eventsOf(PortMapEvent.ExternalAddressChanged.class)).hasSize(1);
        assertThat(router.mapper.mappings())
                .singleElement()
                .extracting(PortMapping::external)
                .hasToString("203.0.113.5:5000");
        assertThat(router.table).containsOnlyKeys("UDP 5000");
    }

    @Test
    void aRestartedRouterThatRefusesAtFirstIsAskedAgainSoon() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000);
        router.pass(Duration.ofMinutes(10));

        router.restart();
        router.result = 7;
        router.fromRouter(5351, router.announcement());
        router.pass(Duration.ofSeconds(6));
        assertThat(router.eventsOf(PortMapEvent.Lost.class))
                .singleElement()
                .extracting(lost -> lost.failure().kind())
                .isEqualTo(MappingFailure.Kind.NETWORK_FAILURE);
        router.result = 0;
        router.pass(Duration.ofSeconds(31));

        assertThat(router.table).containsOnlyKeys("UDP 5000");
    }

    @Test
    void anAnnouncementInTimeChangesNothing() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000);
        router.pass(Duration.ofMinutes(10));
        long before = router.requests(2, 1);

        router.fromRouter(5351, router.announcement());
        router.pass(A_WHILE);

        assertThat(router.requests(2, 1)).isEqualTo(before);
    }

    @Test
    @Rfc("6887#8.1.1 (1)")
    void aMapRequestIsRepeatedAfterThreeSecondsWithTheSameNonce() {
        ScriptedRouter router = new ScriptedRouter(PCP).started().pass(A_WHILE);
        router.speaks.clear();
        int before = router.received.size();

        router.map(UDP_5000);
        router.pass(Duration.ofSeconds(9));

        List<byte[]> sent = router.received.subList(before, router.received.size());
        long pause = router.receivedAtNanos.get(before + 1) - router.receivedAtNanos.get(before);
        assertThat(sent).hasSizeGreaterThanOrEqualTo(2).allMatch(bytes -> Arrays.equals(bytes, sent.get(0)));
        assertThat(Duration.ofNanos(pause)).isBetween(Duration.ofMillis(2700), Duration.ofMillis(3300));
    }
}
