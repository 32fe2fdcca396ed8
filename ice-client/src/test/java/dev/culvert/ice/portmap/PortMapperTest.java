package dev.culvert.ice.portmap;

import static dev.culvert.ice.portmap.MappingProtocol.NAT_PMP;
import static dev.culvert.ice.portmap.MappingProtocol.PCP;
import static dev.culvert.ice.portmap.MappingProtocol.UPNP_IGD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mapper and a scripted router. */
class PortMapperTest {
    private static final MappingRequest UDP_5000 = MappingRequest.of(PortProtocol.UDP, 5000);
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    @Test
    void asksAllThreeAndMapsNothingUnasked() {
        ScriptedRouter router =
                new ScriptedRouter(PCP, NAT_PMP, UPNP_IGD).started().pass(A_WHILE);

        RouterReport report = router.mapper.report();
        assertThat(report.protocols()).allMatch(RouterReport.Protocol::isOffered);
        assertThat(report.description()).isEqualTo("ACME Box 7");
        assertThat(report.external()).contains(ScriptedRouter.WAN);
        assertThat(router.eventsOf(PortMapEvent.Settled.class)).hasSize(1);
        assertThat(router.table).isEmpty();
        assertThat(router.requests(2, 1)).isZero();
        assertThat(router.requests(0, 1)).isZero();
        assertThat(router.calls("AddPortMapping")).isEmpty();
        assertThat(router.mapper.nextDeadlineNanos()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void mapsByTheProtocolThatIsOfferedAndRemovesAtTheEnd(MappingProtocol protocol) {
        ScriptedRouter router = new ScriptedRouter(protocol).started();

        router.map(UDP_5000);
        router.map(MappingRequest.of(PortProtocol.TCP, 6000));
        router.pass(A_WHILE);

        assertThat(router.table).containsOnlyKeys("UDP 5000", "TCP 6000");
        assertThat(router.mapper.mappings())
                .hasSize(2)
                .contains(new PortMapping(
                        protocol,
                        PortProtocol.UDP,
                        new TransportAddress(ScriptedRouter.CLIENT, 5000),
                        new TransportAddress(ScriptedRouter.WAN, 5000),
                        Duration.ofHours(2)));

        router.mapper.close(router.clock.nowNanos());
        router.pass(A_WHILE);

        assertThat(router.table).isEmpty();
        assertThat(router.events).endsWith(new PortMapEvent.Closed());
        assertThat(router.mapper.nextDeadlineNanos()).isEmpty();
    }

    @Test
    void takesTheBestProtocol() {
        ScriptedRouter router = new ScriptedRouter(NAT_PMP, UPNP_IGD, PCP).started();

        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.mapper.mappings())
                .singleElement()
                .extracting(PortMapping::via)
                .isEqualTo(PCP);
    }

    @Test
    @Rfc({"6887#9 (1)", "6886#3.5 (1)"})
    void aNatPmpRouterThatRefusesPcpIsAskedByNatPmpAtOnce() {
        ScriptedRouter router = new ScriptedRouter(NAT_PMP).started();

        router.map(UDP_5000);
        router.pass(Duration.ofMillis(100));

        assertThat(router.eventsOf(PortMapEvent.NotOffered.class)
                        .get(0)
                        .failure()
                        .text())
                .startsWith("PCP: it speaks NAT-PMP alone: ");
        assertThat(router.mapper.mappings())
                .singleElement()
                .extracting(PortMapping::via)
                .isEqualTo(NAT_PMP);
    }

    @ParameterizedTest
    @EnumSource
    void oneLostPacketOfEachCostsNothingButTime(MappingProtocol protocol) {
        ScriptedRouter router = new ScriptedRouter(protocol);
        router.toBeLost = protocol == UPNP_IGD ? 6 : 2;
        router.started().pass(Duration.ofSeconds(4));

        router.toBeLost = 1;
        router.map(UDP_5000);
        router.pass(A_WHILE);
        assertThat(router.table).containsOnlyKeys("UDP 5000");

        router.toBeLost = 1;
        router.mapper.close(router.clock.nowNanos());
        router.pass(A_WHILE);
        assertThat(router.table).isEmpty();
    }

    @Test
    void aSilentRouterIsGivenUpInWords() {
        ScriptedRouter router = new ScriptedRouter().started();

        router.map(UDP_5000);
        router.pass(Duration.ofSeconds(4));

        assertThat(router.eventsOf(PortMapEvent.Failed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failures())
                        .extracting(MappingFailure::via, MappingFailure::kind)
                        .containsExactly(
                                tuple(PCP, MappingFailure.Kind.SILENT),
                                tuple(NAT_PMP, MappingFailure.Kind.SILENT),
                                tuple(UPNP_IGD, MappingFailure.Kind.SILENT)));
    }

    @Test
    @Rfc({"6887#7.4 (1)", "6886#3.5 (2)"})
    void whatOneProtocolRefusesIsAskedByTheNext() {
        ScriptedRouter router =
                new ScriptedRouter(PCP, NAT_PMP, UPNP_IGD).started().pass(A_WHILE);

        router.result = 2;
        router.map(UDP_5000);
        router.pass(A_WHILE);

        assertThat(router.mapper.mappings())
                .singleElement()
                .extracting(PortMapping::via)
                .isEqualTo(UPNP_IGD);
    }

    @Test
    @Rfc("6887#11.4 (2)")
    void afterNoResourcesNothingNewIsAskedForAWhile() {
        ScriptedRouter router = new ScriptedRouter(PCP).started().pass(A_WHILE);
        router.result = 8;
        router.map(UDP_5000);
        router.pass(A_WHILE);

        router.map(MappingRequest.of(PortProtocol.UDP, 5001));
        router.pass(A_WHILE);

        assertThat(router.requests(2, 1)).isEqualTo(1);
        assertThat(router.eventsOf(PortMapEvent.Failed.class))
                .hasSize(2)
                .allSatisfy(failed -> assertThat(failed.failures().get(0).text())
                        .isEqualTo(
                                "PCP: NO_RESOURCES: the router has no room for another mapping; remove old ones there, or"
                                        + " try again later"));
    }

    @Test
    @Rfc({"6887#8.3 (1)", "6886#3.2 (1)"})
    void answersFromElsewhereAreNotBelieved() {
        ScriptedRouter router = new ScriptedRouter().started();
        TransportAddress stranger = TransportAddress.parse("192.168.7.66:5351").orElseThrow();

        router.from(stranger, router.announcement());
        router.from(stranger, new byte[] {0, (byte) 128, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9});
        router.pass(A_WHILE);

        assertThat(router.eventsOf(PortMapEvent.Offered.class)).isEmpty();
        assertThat(router.mapper.report().external()).isEmpty();
    }

    @Test
    @Rfc("6887#11.4 (1)")
    void aMapAnswerWithAnotherNonceIsIgnored() {
        ScriptedRouter router = new ScriptedRouter(PCP).started().pass(A_WHILE);
        router.speaks.clear();
        router.map(UDP_5000);
        byte[] request = router.received.get(router.received.size() - 1);
        byte[] forged = request.clone();
        forged[1] = (byte) 0x81;
        forged[3] = 0;
        forged[24] ^= 1;

        router.fromRouter(5351, forged);
        router.pass(Duration.ofSeconds(2));

        assertThat(router.mapper.mappings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsStillAskedForWhenClosingIsRemovedToo(MappingProtocol protocol) {
        ScriptedRouter router = new ScriptedRouter(protocol).started().pass(A_WHILE);

        router.map(UDP_5000);
        router.mapper.close(router.clock.nowNanos());
        router.pass(A_WHILE);

        assertThat(router.table).isEmpty();
        assertThat(router.events).endsWith(new PortMapEvent.Closed());
    }

    @Test
    void aRouterThatDoesNotConfirmTheRemovalHoldsNobodyUp() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.map(UDP_5000);
        router.pass(A_WHILE);

        router.speaks.clear();
        router.mapper.close(router.clock.nowNanos());
        router.pass(Duration.ofSeconds(3));

        assertThat(router.eventsOf(PortMapEvent.NotRemoved.class)).hasSize(1);
        assertThat(router.events).endsWith(new PortMapEvent.Closed());
    }

    @Test
    @Rfc({"6887#15.1 (1)", "6886#3.4 (1)"})
    void aRemovalSuggestsNothing() {
        for (MappingProtocol protocol : List.of(PCP, NAT_PMP)) {
            ScriptedRouter router = new ScriptedRouter(protocol).started();
            MappingId id = router.map(UDP_5000);
            router.pass(A_WHILE);

            router.mapper.unmap(id, router.clock.nowNanos());
            router.pass(A_WHILE);

            byte[] removal = router.received.get(router.received.size() - 1);
            assertThat(router.eventsOf(PortMapEvent.Removed.class)).hasSize(1);
            assertThat(Arrays.copyOfRange(removal, removal.length - (protocol == PCP ? 8 : 6), removal.length))
                    .isEqualTo(protocol == PCP ? new byte[] {0, 0, -1, -1, 0, 0, 0, 0} : new byte[6]);
        }
    }

    @Test
    void nothingCanBeMappedAfterTheEnd() {
        ScriptedRouter router = new ScriptedRouter(PCP).started();
        router.mapper.close(router.clock.nowNanos());

        assertThatThrownBy(() -> router.map(UDP_5000)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Rfc("6886#3.1 (1)")
    void natPmpAsksOneThingAtATime() {
        ScriptedRouter router = new ScriptedRouter(NAT_PMP).started().pass(A_WHILE);
        int before = router.received.size();

        router.map(UDP_5000);
        router.map(MappingRequest.of(PortProtocol.UDP, 5001));

        assertThat(router.received).hasSize(before + 1);
        router.pass(A_WHILE);
        assertThat(router.table).hasSize(2);
    }

    @Test
    void anyBytesFromTheRouterDoNoHarm() {
        Random random = new Random(42);
        ScriptedRouter router = new ScriptedRouter(PCP, NAT_PMP, UPNP_IGD).started();
        router.map(UDP_5000);

        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[0] = (byte) random.nextInt(3);
                bytes[1] = (byte) (0x80 | random.nextInt(3));
            }
            router.mapper.onDatagram(ScriptedRouter.SERVER, ByteBuffer.wrap(bytes), router.clock.nowNanos());
        }
        router.mapper.close(router.clock.nowNanos());
        router.pass(A_WHILE);

        assertThat(router.events).as("seed 42").endsWith(new PortMapEvent.Closed());
    }
}
