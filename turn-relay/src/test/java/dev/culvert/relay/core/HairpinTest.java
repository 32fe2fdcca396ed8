package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.AllocationMeter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data from one allocation to another of the same event loop, which need no network. */
@SuppressWarnings("NullAway") // where a route is missing, the test fails
class HairpinTest {
    private static final int LENGTH = 100;
    private static final IpAddress TOLD = RelayUnderTest.ip("192.0.2.250");

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.over(Transport.TCP, "198.51.100.8:40000", "bob", "hush");

    private static long count(RelayUnderTest relay, RelayCounter counter) {
        return relay.server.counters().value(counter);
    }

    /** What becomes of ChannelData of {@code client}, as a shell carries it out. */
    private static Route whenClientSendsOn(RelayUnderTest relay, TestClient client, int channel) {
        ChannelBinding binding = relay.whenClientSendsChannelData(client, channel);
        RelayPort near = relay.server.hairpin(binding);
        return relay.server.routeToClient(near, binding.source(), LENGTH, relay.clock.nowNanos());
    }

    private static TransportAddress allocate(RelayUnderTest relay, TestClient client, AddressFamily family) {
        relay.whenClientSends(client, Ask.allocate(new RequestedAddressFamily(family.number())));
        return relay.thenRelayGrants(client)
                .get(XorRelayedAddress.TYPE)
                .orElseThrow()
                .address();
    }

    @ParameterizedTest
    @CsvSource({"IPV4", "IPV6"})
    void sendIndicationReachesAnotherClientAsPermittedOrOnItsChannel(AddressFamily family) {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress ofAlice = allocate(relay, alice, family);
        TransportAddress ofBob = allocate(relay, bob, family);
        relay.grant(alice, Ask.createPermission(ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));

        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "hello"));
        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), ""));
        assertThat(relay.out.sent)
                .containsExactly(
                        new Sent.ToClient(bob.flow, Route.NO_CHANNEL, ofAlice, "hello"),
                        new Sent.ToClient(bob.flow, Route.NO_CHANNEL, ofAlice, ""));
        relay.out.sent.clear();
        relay.grant(bob, Ask.channelBind(0x4000, ofAlice.toString()));
        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "again"));

        assertThat(relay.out.sent).containsExactly(new Sent.ToClient(bob.flow, 0x4000, ofAlice, "again"));
        assertThat(count(relay, RelayCounter.HAIRPINNED)).isEqualTo(3);
    }

    @Test
    void channelDataReachAnotherClientAndCountOnBothSides() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(bob, Ask.channelBind(0x4001, ofAlice.toString()));

        Route route = whenClientSendsOn(relay, alice, 0x4000);

        assertThat(route.client()).isEqualTo(bob.flow);
        assertThat(route.channel()).isEqualTo(0x4001);
        assertThat(count(relay, RelayCounter.HAIRPINNED)).isOne();
        assertThat(count(relay, RelayCounter.BYTES_TO_PEERS)).isEqualTo(LENGTH);
        assertThat(count(relay, RelayCounter.BYTES_TO_CLIENTS)).isEqualTo(LENGTH);
        relay.grant(alice, Ask.refresh(0));
        relay.grant(bob, Ask.refresh(0));
        assertThat(relay.ended())
                .extracting(RelayEvent.AllocationEnded::traffic)
                .containsExactly(new Traffic(100, 1, 0, 0), new Traffic(0, 0, 100, 1));
        relay.thenNothingIsLeft();
    }

    @Test
    void otherClientHearsNothingWithoutAPermissionOrAfterItsEnd() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.createPermission(ofBob.toString()));
        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));

        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "too early"));
        assertThat(whenClientSendsOn(relay, alice, 0x4000)).isNull();
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));
        assertThat(whenClientSendsOn(relay, alice, 0x4000)).isNotNull();
        relay.pass(Duration.ofSeconds(299));
        relay.grant(alice, Ask.createPermission(ofBob.toString()));
        relay.pass(Duration.ofSeconds(1));
        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "too late"));

        relay.thenRelayIsSilent();
        assertThat(count(relay, RelayCounter.PEER_PACKETS_DISCARDED)).isEqualTo(3);
    }

    @Test
    void portThatIsSomebodyElsesByNowIsJudgedByItsNewPermissions() {
        options.ledger = new Ledger(50_000, 50_001, 100, 100);
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient carol = TestClient.alice("198.51.100.9:40000");
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));
        relay.grant(bob, Ask.refresh(0));
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000))
                .as("nobody has it")
                .isNull();

        assertThat(relay.allocate(carol)).isEqualTo(ofBob);

        assertThat(whenClientSendsOn(relay, alice, 0x4000)).isNull();
        relay.grant(carol, Ask.createPermission(ofAlice.toString()));
        assertThat(whenClientSendsOn(relay, alice, 0x4000).client()).isEqualTo(carol.flow);
    }

    @Test
    void publicAddressesAreTurnedBackBeforeTheRouter() {
        options.told = Optional.of(TOLD);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.server.replacePolicy(relay.policy(options.rules, List.of(RelayUnderTest.RELAY_V4, TOLD)), relay.out);
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        String locally = new TransportAddress(RelayUnderTest.RELAY_V4, ofBob.port()).toString();
        relay.grant(alice, Ask.createPermission(ofBob.toString(), locally));
        relay.grant(bob, Ask.channelBind(0x4000, ofAlice.toString()));

        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "hello"));
        relay.whenClientSends(alice, Ask.sendIndication(locally, "round about"));

        assertThat(ofBob.ip()).isEqualTo(TOLD);
        assertThat(relay.out.sent.remove()).isEqualTo(new Sent.ToClient(bob.flow, 0x4000, ofAlice, "hello"));
        TransportAddress from = new TransportAddress(RelayUnderTest.RELAY_V4, ofAlice.port());
        relay.thenRelaySends(from, locally, "round about");
    }

    @Test
    void portsOfOtherEventLoopsAreReachedByTheNetwork() {
        RelayUnderTest first = new RelayUnderTest(options);
        options.seed = 2;
        RelayUnderTest second = new RelayUnderTest(options);
        TransportAddress ofAlice = first.allocate(alice);
        TransportAddress ofBob = second.allocate(bob);
        first.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));

        first.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "hello"));

        first.thenRelaySends(ofAlice, ofBob.toString(), "hello");
        assertThat(first.server.hairpin(first.whenClientSendsChannelData(alice, 0x4000)))
                .isNull();
        assertThat(count(first, RelayCounter.HAIRPINNED)).isZero();
    }

    @Test
    void dontFragmentHasNothingToForbid() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.out.canForbidFragments = true;
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.createPermission(ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));

        relay.whenClientSends(alice, Ask.sendIndication(ofBob.toString(), "whole", new DontFragment()));

        assertThat(relay.out.sent).containsExactly(new Sent.ToClient(bob.flow, Route.NO_CHANNEL, ofAlice, "whole"));
    }

    @Test
    void bitratesOfBothAllocationsAreHeeded() {
        options.ledger.limit(new Bitrates(OptionalLong.of(8 * LENGTH), OptionalLong.empty(), OptionalLong.empty()));
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient carol = TestClient.alice("198.51.100.9:40000");
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofCarol = relay.allocate(carol);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(carol, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString(), ofCarol.toString()));
        int arrived = 0;

        while (count(relay, RelayCounter.OVER_ALLOCATION_BITRATE) == 0) {
            arrived += whenClientSendsOn(relay, alice, 0x4000) != null ? 1 : 0;
            arrived += whenClientSendsOn(relay, carol, 0x4000) != null ? 1 : 0;
        }

        assertThat(arrived).isPositive();
        assertThat(count(relay, RelayCounter.BYTES_TO_CLIENTS)).isEqualTo((long) arrived * LENGTH);
        assertThat(count(relay, RelayCounter.BYTES_TO_PEERS))
                .as("what the receiver may not have was the sender's all the same")
                .isGreaterThan((long) arrived * LENGTH);
    }

    @Test
    void aClientHearsItself() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress ofAlice = relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, ofAlice.toString()));

        Route route = whenClientSendsOn(relay, alice, 0x4000);

        assertThat(route.client()).isEqualTo(alice.flow);
        assertThat(route.channel()).isEqualTo(0x4000);
    }

    @Test
    void wayIsFoundWithoutAnObject() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress ofAlice = relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);
        relay.grant(alice, Ask.channelBind(0x4000, ofBob.toString()));
        relay.grant(bob, Ask.createPermission(ofAlice.toString()));
        TurnServer server = relay.server;
        int endpoint = server.endpoint(alice.flow.transport(), alice.flow.local());
        SourceAddress client = SourceAddress.of(alice.flow.remote());
        long now = relay.clock.nowNanos();
        AtomicInteger routes = new AtomicInteger();

        double bytes = AllocationMeter.bytesPerOperation(() -> {
            ChannelBinding binding = server.routeToPeer(endpoint, client, 0x4000, 1, now);
            RelayPort near = server.hairpin(binding);
            routes.addAndGet(server.routeToClient(near, binding.source(), 1, now) != null ? 1 : 0);
        });

        assertThat(bytes).isZero();
        assertThat(routes.get()).isPositive();
    }
}
