package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // where a route is missing, the test fails
class PermissionTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String OTHER = "192.0.2.10:5000";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc({"8656#9 (2)", "8656#9 (3)", "8656#11.3"})
    void packetsFromPeersWithoutPermissionAreDiscarded() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        assertThat(relay.isHeard(PEER, relayed)).isFalse();

        relay.grant(alice, Ask.createPermission(PEER));

        Route route = relay.whenPeerSends("192.0.2.9:1", relayed);
        assertThat(route).isNotNull();
        assertThat(route.client()).isEqualTo(alice.flow);
        assertThat(route.channel()).isEqualTo(Route.NO_CHANNEL);
        assertThat(relay.isHeard(OTHER, relayed)).isFalse();
    }

    @Test
    @Rfc({"8656#9 (1)", "8656#10.2 (5)"})
    void permissionLastsFiveMinutesUnlessRefreshed() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));
        relay.passWithTimers(Duration.ofSeconds(299));
        assertThat(relay.isHeard(PEER, relayed)).isTrue();
        relay.grant(alice, Ask.createPermission(PEER));

        relay.passWithTimers(Duration.ofSeconds(299));
        assertThat(relay.isHeard(PEER, relayed)).isTrue();
        relay.pass(Duration.ofSeconds(1));

        assertThat(relay.isHeard(PEER, relayed)).isFalse();
    }

    @Test
    @Rfc({"8656#9 (4)", "8656#9 (5)"})
    void permissionsOfOneAllocationAreNoneOfAnother() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient bob = TestClient.bob("198.51.100.8:40000");
        relay.allocate(alice);
        TransportAddress ofBob = relay.allocate(bob);

        relay.grant(alice, Ask.createPermission(PEER));

        assertThat(relay.isHeard(PEER, ofBob)).isFalse();
    }

    @Test
    @Rfc({"8656#10.2 (1)", "8656#10.2 (5)"})
    void severalPeersArePermittedAtOnce() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);

        relay.grant(alice, Ask.createPermission(PEER, OTHER, PEER));

        assertThat(relay.isHeard(PEER, relayed)).isTrue();
        assertThat(relay.isHeard(OTHER, relayed)).isTrue();
    }

    @Test
    @Rfc({"8656#10.2 (1)", "8656#10.2 (3)", "8656#10.2 (4)"})
    void allPeersArePermittedOrNone() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);

        relay.refuse(alice, Ask.createPermission(), 400);
        relay.refuse(alice, Ask.createPermission(PEER, "10.0.0.7:5000"), 403);
        relay.refuse(alice, Ask.createPermission(PEER, "[2001:db8:9::9]:5000"), 443);
        relay.refuse(
                alice,
                Ask.of(
                        StunMethod.CREATE_PERMISSION,
                        Ask.peer(PEER),
                        new OpaqueAttribute(OpaqueAttribute.type(0x0012, "raw"), Octets.of(new byte[5]))),
                400);

        assertThat(relay.isHeard(PEER, relayed)).isFalse();
    }

    @Test
    @Rfc("8656#10.2 (2)")
    void permissionsAreCapped() {
        options.settings = new RelaySettings(600, 3600, 2, 1, 0x4FFF, false, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));

        relay.refuse(alice, Ask.createPermission(OTHER, "192.0.2.11:1"), 508);

        assertThat(relay.isHeard(OTHER, relayed)).isFalse();
        relay.grant(alice, Ask.createPermission(PEER, OTHER));
        relay.refuse(alice, Ask.channelBind(0x4000, "192.0.2.11:1"), 508);
        relay.passWithTimers(Duration.ofSeconds(300));
        relay.grant(alice, Ask.createPermission("192.0.2.11:1", "192.0.2.12:1"));
    }

    @Test
    @Rfc({"8656#11.2 (4)", "8656#11.2 (6)"})
    void sendIndicationIsRelayedToAPermittedPeer() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);

        relay.whenClientSends(alice, Ask.sendIndication(PEER, "early"));
        relay.thenRelayIsSilent();
        relay.grant(alice, Ask.createPermission("192.0.2.9:1"));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "hello"));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, ""));

        relay.thenRelaySends(relayed, PEER, "hello");
        relay.thenRelaySends(relayed, PEER, "");
        relay.grant(alice, Ask.refresh(0));
        assertThat(relay.ended())
                .singleElement()
                .satisfies(ended -> assertThat(ended.traffic()).isEqualTo(new Traffic(5, 2, 0, 0)));
    }

    @Test
    @Rfc("8656#11.2 (4)")
    void sendIndicationDoesNotRefreshThePermission() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));
        relay.pass(Duration.ofSeconds(299));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "in time"));
        assertThat(relay.out.sent.remove()).isInstanceOf(Sent.ToPeer.class);

        relay.pass(Duration.ofSeconds(1));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "too late"));

        relay.thenRelayIsSilent();
    }

    @Test
    @Rfc({"8656#5 (3)", "8656#11.2 (1)", "8656#11.2 (2)", "8656#11.2 (3)", "8656#11.2 (5)"})
    void sendIndicationsThatAreNotInOrderAreDiscarded() {
        options.rules = List.of("allow 192.0.2.0/24", "deny 192.0.2.9/32:25");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "without allocation"));
        relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));

        relay.whenClientSends(alice, Ask.of(StunMethod.SEND, Ask.peer(PEER)));
        relay.whenClientSends(alice, Ask.of(StunMethod.SEND, Ask.data("to nobody")));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "unknown attribute", new Priority(1)));
        relay.whenClientSends(alice, Ask.sendIndication(PEER, "DF", new DontFragment()));
        relay.whenClientSends(alice, Ask.sendIndication("192.0.2.9:25", "denied port"));
        relay.whenClientSends(alice, Ask.sendIndication("192.0.2.9:0", "no port"));
        relay.whenClientSends(alice, Ask.sendIndication("[2001:db8:9::9]:5", "other family"));

        relay.thenRelayIsSilent();
        assertThat(relay.server.counters().value(RelayCounter.SEND_DISCARDED)).isEqualTo(8);
    }

    @Test
    @Rfc("8656#11.2 (3)")
    void sendIndicationCarriesTheDfBitWhereItCan() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));
        relay.out.canForbidFragments = true;

        relay.whenClientSends(alice, Ask.sendIndication(PEER, "whole", new DontFragment()));

        assertThat(relay.out.sent).containsExactly(new Sent.ToPeer(relayed, Ask.address(PEER), "whole", true));
    }

    @Test
    @Rfc("8656#13.3")
    void dontFragmentIsIgnoredBetweenIpv6AndIpv4() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient overUdp = TestClient.bob("[2001:db8:7::7]:50000");
        TestClient overTcp = TestClient.over(Transport.TCP, "[2001:db8:7::7]:50001", "bob", "hush");
        relay.out.canForbidFragments = true;

        for (TestClient client : List.of(overUdp, overTcp)) {
            relay.allocate(client);
            relay.grant(client, Ask.createPermission(PEER));
        }

        relay.whenClientSends(overUdp, Ask.sendIndication(PEER, "may be cut", new DontFragment()));
        relay.whenClientSends(overTcp, Ask.sendIndication(PEER, "whole", new DontFragment()));

        // RFC 8656 §15: over TCP the attribute alone counts.
        assertThat(relay.out.sent)
                .extracting(sent -> ((Sent.ToPeer) sent).dontFragment())
                .containsExactly(false, true);
    }

    @Test
    void packetsFromDeniedPortsAreDiscarded() {
        options.rules = List.of("allow 192.0.2.0/24", "deny 192.0.2.9/32:25");
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER));

        assertThat(relay.isHeard("192.0.2.9:25", relayed)).isFalse();
        assertThat(relay.isHeard("192.0.2.9:26", relayed)).isTrue();
    }

    @Test
    void newDenyEndsPermissionsAndChannelsAtOnce() {
        RelayUnderTest relay = new RelayUnderTest();
        TransportAddress relayed = relay.allocate(alice);
        relay.grant(alice, Ask.createPermission(PEER, OTHER));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(alice, Ask.channelBind(0x4001, OTHER));

        relay.server.replacePolicy(relay.policy(List.of("allow 192.0.2.10/32")), relay.out);

        assertThat(relay.isHeard(PEER, relayed)).isFalse();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        assertThat(relay.isHeard(OTHER, relayed)).isTrue();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4001)).isNotNull();
        relay.grant(alice, Ask.refresh(0));
        relay.thenNothingIsLeft();
    }
}
