package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // where a route is missing, the test fails
class IcmpTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String PEER_V6 = "[2001:db8:9::9]:5000";
    private static final int UNREACHABLE = 3;

    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc("8656#11.5 (2)")
    void destinationOfThePacketNeedsAPermissionWhateverItsPort() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        assertThat(isTold(relay, relayed, PEER, UNREACHABLE)).isFalse();

        relay.grant(alice, Ask.createPermission(PEER));

        assertThat(isTold(relay, relayed, "192.0.2.9:1", UNREACHABLE)).isTrue();
        assertThat(isTold(relay, relayed, "192.0.2.9:0", UNREACHABLE)).isTrue();
        assertThat(isTold(relay, relayed, "192.0.2.10:5000", UNREACHABLE)).isFalse();
        assertThat(relay.server.counters().value(RelayCounter.ICMP_TO_CLIENTS)).isEqualTo(2);
        assertThat(relay.server.counters().value(RelayCounter.ICMP_DISCARDED)).isEqualTo(2);
    }

    @Test
    @Rfc("8656#11.5 (2)")
    void nothingIsToldOnceThePermissionOrTheAllocationIsOver() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));
        RelayPort port = relay.out.started.get(relayed);
        relay.pass(Duration.ofSeconds(299));
        assertThat(isTold(relay, port, PEER, UNREACHABLE)).isTrue();

        relay.pass(Duration.ofSeconds(1));
        boolean afterPermission = isTold(relay, port, PEER, UNREACHABLE);
        relay.grant(alice, Ask.createPermission(PEER));
        relay.grant(alice, Ask.refresh(0));
        boolean afterAllocation = isTold(relay, port, PEER, UNREACHABLE);

        assertThat(afterPermission).isFalse();
        assertThat(afterAllocation).isFalse();
    }

    @Test
    @Rfc("8656#11.5 (3)")
    void dataIndicationIsUsedEvenWhereAChannelIsBound() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        assertThat(relay.whenPeerSends(PEER, relayed).channel()).isEqualTo(0x4000);

        Route route = route(relay, relay.out.started.get(relayed), PEER, UNREACHABLE);

        assertThat(route.channel()).isEqualTo(Route.NO_CHANNEL);
        assertThat(route.client()).isEqualTo(alice.flow);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Rfc("8656#11.5 (1)")
    void onlySomeTypesAreTold(boolean isIpv4) {
        RelayUnderTest relay = new RelayUnderTest();
        AddressFamily family = isIpv4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
        String peer = isIpv4 ? PEER : PEER_V6;
        relay.grant(alice, Ask.allocate(RequestedAddressFamily.of(family)));
        relay.grant(alice, Ask.createPermission(peer));
        RelayPort port = relay.out.started.values().iterator().next();

        for (int type = 0; type < 256; type++) {
            List<Integer> told = isIpv4 ? List.of(3, 11) : List.of(1, 2, 3);
            assertThat(isTold(relay, port, peer, type)).as("type %d", type).isEqualTo(told.contains(type));
        }
    }

    @Test
    void errorsHaveTheirPartOfTheBitrate() {
        Options options = new Options();
        options.ledger.limit(new Bitrates(OptionalLong.of(8), OptionalLong.empty(), OptionalLong.empty()));
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));

        int told = 0;
        while (told < 10_000 && isTold(relay, relayed, PEER, UNREACHABLE)) {
            told++;
        }

        assertThat(told).isBetween(100, 9_999);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.9:5000, 3, 4, 1300, 1300",
        "192.0.2.9:0, 3, 3, 1300, 0",
        "192.0.2.9:5000, 11, 4, 1300, 0",
        "'[2001:db8:9::9]:65535', 2, 0, 4294967295, 4294967295",
        "'[2001:db8:9::9]:5000', 1, 4, 1280, 0",
        "'[2001:db8:9::9]:5000', 3, 255, 1280, 0",
    })
    @Rfc({"8656#11.5 (3)", "8656#18.13"})
    void indicationHoldsThePeerTheErrorAndTheMtuIfThatIsIt(
            String destination, int type, int code, long mtu, long errorData) {
        ByteBuffer out = ByteBuffer.allocate(IcmpIndication.MAX_LENGTH);

        IcmpIndication.write(out, 0x8899AABB, 0xCCDDEEFF_00112233L, Ask.address(destination), type, code, mtu);

        StunMessage message = new StunMessage();
        assertThat(message.wrap(out.flip())).isEqualTo(Malformation.NONE);
        assertThat(message.is(MessageClass.INDICATION, StunMethod.DATA)).isTrue();
        assertThat(message.get(XorPeerAddress.TYPE)).contains(new XorPeerAddress(Ask.address(destination)));
        assertThat(message.get(Icmp.TYPE)).contains(new Icmp(type, code, errorData));
    }

    @Test
    void tellingAllocatesNothing() {
        RelayUnderTest relay = new RelayUnderTest();
        RelayPort port = relay.out.started.get(relay.allocate(alice));
        relay.grant(alice, Ask.createPermission(PEER));
        SourceAddress destination = SourceAddress.of(Ask.address(PEER));
        ByteBuffer out = ByteBuffer.allocateDirect(IcmpIndication.MAX_LENGTH);
        long now = relay.clock.nowNanos();

        double bytes = AllocationMeter.bytesPerOperation(() -> {
            relay.server.routeIcmp(port, destination, UNREACHABLE, now);
            IcmpIndication.write(out.clear(), 1, 2, destination.toTransportAddress(), UNREACHABLE, 3, 0);
        });

        assertThat(bytes).isZero();
    }

    private static boolean isTold(RelayUnderTest relay, TransportAddress relayed, String destination, int type) {
        return isTold(relay, relay.out.started.get(relayed), destination, type);
    }

    private static boolean isTold(RelayUnderTest relay, RelayPort port, String destination, int type) {
        return route(relay, port, destination, type) != null;
    }

    private static Route route(RelayUnderTest relay, RelayPort port, String destination, int type) {
        return relay.server.routeIcmp(port, SourceAddress.of(Ask.address(destination)), type, relay.clock.nowNanos());
    }
}
