package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayEvent.ChannelBound;
import dev.culvert.relay.core.RelayEvent.ChannelEnded;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // where a route is missing, the test fails
class ChannelTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String OTHER = "192.0.2.9:5001";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc({"8656#12.2 (8)", "8656#12.6 (3)", "8656#12.5"})
    void channelRelaysBothWays() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);

        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        ChannelBinding toPeer = relay.whenClientSendsChannelData(alice, 0x4000);
        assertThat(toPeer).isNotNull();
        assertThat(toPeer.peer()).isEqualTo(Ask.address(PEER));
        assertThat(toPeer.relay().local()).isEqualTo(relayed);
        Route toClient = relay.whenPeerSends(PEER, relayed);
        assertThat(toClient).isNotNull();
        assertThat(toClient.channel()).isEqualTo(0x4000);
        assertThat(toClient.client()).isEqualTo(alice.flow);
        Route fromOtherPort = relay.whenPeerSends(OTHER, relayed);
        assertThat(fromOtherPort).isNotNull();
        assertThat(fromOtherPort.channel()).isEqualTo(Route.NO_CHANNEL);
    }

    @Test
    @Rfc({"8656#12.2 (1)", "8656#12.2 (2)", "8656#12 (1)"})
    void channelNumberAndPeerMustBeThereAndInRange() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);

        relay.refuse(alice, Ask.of(StunMethod.CHANNEL_BIND, Ask.peer(PEER)), 400);
        relay.refuse(alice, Ask.of(StunMethod.CHANNEL_BIND, new ChannelNumber(0x4000)), 400);
        relay.refuse(alice, Ask.channelBind(0x3FFF, PEER), 400);
        relay.refuse(alice, Ask.channelBind(0x5000, PEER), 400);
        relay.grant(alice, Ask.channelBind(0x4FFF, PEER));
    }

    @Test
    void channelNumbersOfRfc5766AreTakenIfToldSo() {
        options.settings = new RelaySettings(600, 3600, 8, 8, ChannelData.MAX_NUMBER_RFC5766, false, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);

        relay.grant(alice, Ask.channelBind(0x7FFF, PEER));
        relay.refuse(alice, Ask.channelBind(0x8000, OTHER), 400);
        assertThat(relay.whenClientSendsChannelData(alice, 0x7FFF)).isNotNull();
    }

    @Test
    @Rfc({"8656#12.2 (3)", "8656#12.2 (4)", "8656#12 (2)"})
    void numberAndPeerAreBoundToEachOtherAlone() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(alice, Ask.channelBind(0x4001, OTHER));

        relay.refuse(alice, Ask.channelBind(0x4000, "192.0.2.10:1"), 400);
        relay.refuse(alice, Ask.channelBind(0x4002, PEER), 400);
        relay.refuse(alice, Ask.channelBind(0x4000, OTHER), 400);
        relay.refuse(alice, Ask.channelBind(0x4000, "[2001:db8:9::9]:5000"), 400);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
    }

    @Test
    @Rfc({"8656#12.2 (5)", "8656#12.2 (6)", "8656#12.2 (7)"})
    void channelsToOtherFamiliesDeniedPeersAndTooManyAreRefused() {
        options.settings = new RelaySettings(600, 3600, 8, 1, ChannelData.MAX_NUMBER, false, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);

        relay.refuse(alice, Ask.channelBind(0x4000, "[2001:db8:9::9]:5000"), 443);
        relay.refuse(alice, Ask.channelBind(0x4000, "10.0.0.7:5000"), 403);
        relay.refuse(alice, Ask.channelBind(0x4000, "192.0.2.9:0"), 403);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.refuse(alice, Ask.channelBind(0x4001, OTHER), 508);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
    }

    @Test
    @Rfc({"8656#12 (3)", "8656#12.2 (8)", "8656#12.6 (4)", "8656#9 (2)"})
    void channelLastsTenMinutesAndItsPermissionFive() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.refresh(3600));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.passWithTimers(Duration.ofSeconds(300));
        assertThat(relay.isHeard(PEER, relayed)).isFalse();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNotNull();
        assertThat(relay.isHeard(PEER, relayed)).as("sending does not refresh").isFalse();
        relay.grant(alice, Ask.createPermission("192.0.2.9:1"));
        Route again = relay.whenPeerSends(PEER, relayed);
        assertThat(again).isNotNull();
        assertThat(again.channel()).isEqualTo(0x4000);
        relay.passWithTimers(Duration.ofSeconds(300));

        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        relay.grant(alice, Ask.channelBind(0x4001, PEER));
        relay.grant(alice, Ask.channelBind(0x4000, OTHER));
    }

    @Test
    @Rfc("8656#12 (3)")
    void rebindingRefreshesChannelAndPermission() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.refresh(3600));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.passWithTimers(Duration.ofSeconds(500));

        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.passWithTimers(Duration.ofSeconds(299));
        assertThat(relay.isHeard(PEER, relayed)).isTrue();
        relay.passWithTimers(Duration.ofSeconds(300));
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNotNull();
        relay.passWithTimers(Duration.ofSeconds(1));
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        assertThat(relay.out.events.stream().filter(ChannelBound.class::isInstance))
                .hasSize(1);
        assertThat(relay.out.events.stream().filter(ChannelEnded.class::isInstance))
                .hasSize(1);
    }

    @Test
    @Rfc({"8656#12.6 (1)", "8656#12.6 (2)", "8656#5 (3)", "8656#12 (2)"})
    void channelDataOnChannelsThatAreNotBoundAreDiscarded() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient bob = TestClient.bob("198.51.100.7:40001");
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        relay.allocate(alice);
        relay.allocate(bob);
        relay.grant(bob, Ask.channelBind(0x4000, PEER));

        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        assertThat(relay.whenClientSendsChannelData(bob, 0x4001)).isNull();
        assertThat(relay.whenClientSendsChannelData(bob, 0xFFFF)).isNull();
        assertThat(relay.whenClientSendsChannelData(bob, 0)).isNull();
    }

    @Test
    void relayPortsOfThisServerArePeersWhileTheyLive() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient bob = TestClient.bob("198.51.100.8:40000");
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);

        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));

        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNotNull();
        assertThat(relay.isHeard(ofAlice.toString(), ofBob)).isTrue();
        relay.refuse(alice, Ask.channelBind(0x4001, RelayUnderTest.SERVER), 403);
        relay.grant(bob, Ask.refresh(0));
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        assertThat(relay.isHeard(ofBob.toString(), ofAlice)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void routesAreFoundWithoutAnObject(boolean hasBitrates) {
        OptionalLong bitsPerSecond = hasBitrates ? OptionalLong.of(1_000_000_000) : OptionalLong.empty();
        options.ledger.limit(new Bitrates(bitsPerSecond, bitsPerSecond, bitsPerSecond));
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        TurnServer server = relay.server;
        int endpoint = server.endpoint(alice.flow.transport(), alice.flow.local());
        RelayPort port = relay.out.started.get(relayed);
        SourceAddress bound = SourceAddress.of(Ask.address(PEER));
        SourceAddress unbound = SourceAddress.of(Ask.address(OTHER));
        SourceAddress stranger = SourceAddress.of(Ask.address("192.0.2.77:9"));
        SourceAddress client = SourceAddress.of(alice.flow.remote());
        long now = relay.clock.nowNanos();
        AtomicInteger routes = new AtomicInteger();

        double bytes = AllocationMeter.bytesPerOperation(() -> {
            routes.addAndGet(server.routeToPeer(endpoint, client, 0x4000, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToPeer(endpoint, client, 0x4001, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToClient(port, bound, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToClient(port, unbound, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToClient(port, stranger, 1, now) != null ? 1 : 0);
        });

        assertThat(bytes).isZero();
        assertThat(routes.get())
                .isPositive()
                .satisfies(count -> assertThat(count % 3).isZero());
    }
}
