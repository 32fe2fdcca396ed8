package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.testkit.AllocationMeter;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Allocations that share relay ports, and whose the packets are that arrive there. */
@SuppressWarnings("NullAway") // where a route is missing, the test fails
class SharedPortTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String OTHER = "192.0.2.9:5001";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.bob("198.51.100.8:40000");

    private RelayUnderTest relay(int firstPorts, int mostPorts) {
        options.mode = new RelayMode(firstPorts, mostPorts);
        return new RelayUnderTest(options);
    }

    /** A relay with one port, which is Alice's and Bob's. */
    private RelayUnderTest relayOfBoth() {
        RelayUnderTest relay = relay(1, 1);
        assertThat(relay.allocate(alice)).isEqualTo(relay.allocate(bob));
        return relay;
    }

    private static TestClient heardBy(RelayUnderTest relay, String peer, TestClient... clients) {
        TransportAddress relayed = relay.out.started.keySet().iterator().next();
        Route route = relay.whenPeerSends(peer, relayed);
        return route == null
                ? null
                : List.of(clients).stream()
                        .filter(client -> client.flow.equals(route.client()))
                        .findFirst()
                        .orElseThrow();
    }

    private static long count(RelayUnderTest relay, RelayCounter counter) {
        return relay.server.counters().value(counter);
    }

    private static void send(RelayUnderTest relay, TestClient client, String peer) {
        relay.whenClientSends(client, Ask.sendIndication(peer, "data"));
        assertThat(relay.out.sent.remove()).isInstanceOf(Sent.ToPeer.class);
    }

    @Test
    void packetIsForWhoHasSentToItsSource() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.createPermission(PEER));
        relay.grant(bob, Ask.createPermission(PEER));

        send(relay, alice, PEER);
        send(relay, bob, OTHER);

        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);
        assertThat(heardBy(relay, OTHER, alice, bob)).isSameAs(bob);
    }

    @Test
    void packetIsForWhoHasAChannelToItsSource() {
        RelayUnderTest relay = relayOfBoth();

        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(bob, Ask.channelBind(0x4000, OTHER));

        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);
        assertThat(heardBy(relay, OTHER, alice, bob)).isSameAs(bob);
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000).peer()).isEqualTo(Ask.address(PEER));
        assertThat(relay.whenClientSendsChannelData(bob, 0x4000).peer()).isEqualTo(Ask.address(OTHER));
    }

    @Test
    void packetFromAnUnknownPortIsForTheOnlyOneThatPermitsItsAddress() {
        RelayUnderTest relay = relayOfBoth();
        assertThat(heardBy(relay, PEER, alice, bob)).isNull();
        relay.grant(alice, Ask.createPermission(PEER));
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);
        relay.pass(Duration.ofSeconds(100));
        relay.grant(bob, Ask.createPermission(PEER));

        assertThat(heardBy(relay, PEER, alice, bob)).isNull();

        assertThat(count(relay, RelayCounter.PEER_PACKETS_AMBIGUOUS)).isOne();
        assertThat(count(relay, RelayCounter.PEER_PACKETS_DISCARDED)).isEqualTo(2);
        relay.pass(Duration.ofSeconds(200));
        assertThat(heardBy(relay, PEER, alice, bob))
                .as("the permission of the other is over, seen to or not")
                .isSameAs(bob);
        relay.server.onTimeout(relay.clock.nowNanos(), relay.out);
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(bob);
    }

    @Test
    @Rfc("8656#12.2 (7)")
    void peerOfAnotherIsNeitherBoundNorSentTo() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(bob, Ask.createPermission(PEER));

        relay.refuse(bob, Ask.channelBind(0x4000, PEER), 508);
        relay.whenClientSends(bob, Ask.sendIndication(PEER, "to whom Alice talks"));

        relay.thenRelayIsSilent();
        assertThat(count(relay, RelayCounter.PEER_COLLISIONS)).isEqualTo(2);
        assertThat(count(relay, RelayCounter.SEND_DISCARDED)).isZero();
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);
        relay.grant(alice, Ask.refresh(0));
        relay.grant(bob, Ask.channelBind(0x4000, PEER));
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(bob);
    }

    @Test
    void peerThatWasSentToIsFreeWhenThePermissionEnds() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.createPermission(PEER));
        send(relay, alice, PEER);
        relay.pass(Duration.ofSeconds(299));
        relay.grant(bob, Ask.createPermission(PEER));
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);

        relay.pass(Duration.ofSeconds(1));

        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(bob);
        send(relay, bob, PEER);
    }

    @Test
    void newDenyLeavesNothingOfAPeer() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        send(relay, alice, OTHER);

        relay.server.replacePolicy(relay.policy(List.of()), relay.out);
        relay.server.replacePolicy(relay.policy(options.rules), relay.out);

        assertThat(heardBy(relay, PEER, alice, bob)).isNull();
        relay.grant(bob, Ask.channelBind(0x4000, PEER));
        relay.grant(bob, Ask.channelBind(0x4001, OTHER));
    }

    @Test
    void peersThatAreRememberedAreCapped() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.createPermission(PEER));
        relay.grant(bob, Ask.createPermission(PEER));

        for (int i = 0; i <= SharedPort.MAX_FLOWS; i++) {
            send(relay, alice, "192.0.2.9:" + (1000 + i));
        }

        assertThat(heardBy(relay, "192.0.2.9:" + (1000 + SharedPort.MAX_FLOWS - 1), alice, bob))
                .isSameAs(alice);
        assertThat(heardBy(relay, "192.0.2.9:" + (1000 + SharedPort.MAX_FLOWS), alice, bob))
                .isNull();
        relay.grant(alice, Ask.refresh(0));
        relay.grant(alice, Ask.allocate());
        relay.grant(alice, Ask.createPermission(PEER));
        send(relay, alice, PEER);
        assertThat(heardBy(relay, PEER, alice, bob)).isSameAs(alice);
    }

    @Test
    void familiesShareAsOneDoes() {
        RelayUnderTest relay = relay(1, 1);
        for (TestClient client : List.of(alice, bob)) {
            relay.grant(client, Ask.allocate(new AdditionalAddressFamily(2)));
        }
        assertThat(relay.machine.bound).hasSize(2);

        relay.grant(alice, Ask.channelBind(0x4000, "[2001:db8:9::9]:5000"));
        relay.refuse(bob, Ask.channelBind(0x4000, "[2001:db8:9::9]:5000"), 508);
        relay.grant(bob, Ask.channelBind(0x4000, PEER));

        relay.grant(alice, Ask.refresh(0));
        relay.grant(bob, Ask.refresh(0));
        relay.thenNothingIsLeft();
    }

    @Test
    void allocationsOnDifferentPortsReachEachOtherAndThoseOnOneDoNot() {
        RelayUnderTest relay = relay(2, 2);
        TestClient carol = TestClient.alice("198.51.100.9:40000");
        String ofAlice = relay.allocate(alice).toString();
        String ofBob = relay.allocate(bob).toString();
        assertThat(relay.allocate(carol)).isEqualTo(Ask.address(ofBob));
        relay.grant(alice, Ask.channelBind(0x4000, ofBob));
        relay.grant(bob, Ask.channelBind(0x4001, ofAlice));

        ChannelBinding binding = relay.whenClientSendsChannelData(alice, 0x4000);
        Route route = relay.server.routeToClient(
                relay.server.hairpin(binding), binding.source(), 100, relay.clock.nowNanos());

        assertThat(route.client()).isEqualTo(bob.flow);
        assertThat(route.channel()).isEqualTo(0x4001);
        relay.refuse(carol, Ask.channelBind(0x4000, ofAlice), 508);
        relay.grant(carol, Ask.channelBind(0x4000, ofBob));
        relay.refuse(bob, Ask.channelBind(0x4002, ofBob), 508);
    }

    @Test
    void routesAreFoundWithoutAnObject() {
        RelayUnderTest relay = relayOfBoth();
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(bob, Ask.createPermission(OTHER));
        send(relay, bob, OTHER);
        TurnServer server = relay.server;
        RelayPort port = relay.out.started.values().iterator().next();
        SourceAddress bound = SourceAddress.of(Ask.address(PEER));
        SourceAddress sentTo = SourceAddress.of(Ask.address(OTHER));
        SourceAddress ambiguous = SourceAddress.of(Ask.address("192.0.2.9:1"));
        long now = relay.clock.nowNanos();
        AtomicInteger routes = new AtomicInteger();

        double bytes = AllocationMeter.bytesPerOperation(() -> {
            routes.addAndGet(server.routeToClient(port, bound, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToClient(port, sentTo, 1, now) != null ? 1 : 0);
            routes.addAndGet(server.routeToClient(port, ambiguous, 1, now) != null ? 1 : 0);
        });

        assertThat(bytes).isZero();
        assertThat(routes.get()).isPositive().isEven();
    }
}
