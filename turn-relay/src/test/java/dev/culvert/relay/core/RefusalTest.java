package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authentication;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.RequestRefused;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.ResponsePort;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator is told of a refusal. */
class RefusalTest {
    private static final String PEER = "192.0.2.9:5000";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.bob("198.51.100.8:40000");

    /** Why the last request was refused. */
    private static Refusal last(RelayUnderTest relay) {
        RelayEvent event = relay.out.events.get(relay.out.events.size() - 1);
        return event instanceof AllocationRefused refused ? refused.why() : ((RequestRefused) event).why();
    }

    private static Refusal refusal(RelayUnderTest relay, TestClient client, Ask ask, int code) {
        long before = total(relay);
        relay.refuse(client, ask, code);
        assertThat(total(relay)).isEqualTo(before + 1);
        assertThat(relay.server.refusals().value(last(relay).reason())).isPositive();
        return last(relay);
    }

    private static long total(RelayUnderTest relay) {
        return Arrays.stream(RefusalReason.values())
                .mapToLong(relay.server.refusals()::value)
                .sum();
    }

    @Test
    void everyReasonOfAuthenticationIsAReasonOfARefusal() {
        Stream.of(Authentication.Reason.values())
                .filter(reason -> reason != Authentication.Reason.CHALLENGED)
                .forEach(reason -> assertThat(RefusalReason.of(reason).name()).isEqualTo(reason.name()));
    }

    @Test
    @ExclusivePorts
    void aQuotaThatIsReachedIsNamedWithItsOption() {
        options.ledger = new Ledger(50_000, 50_063, 2, 1);
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);

        Refusal ofUser = refusal(relay, TestClient.alice("198.51.100.7:40001"), Ask.allocate(), 486);
        relay.allocate(bob);
        TestClient carol = TestClient.over(Transport.UDP, "198.51.100.9:40000", sharedName(), sharedPassword());
        Refusal ofServer = refusal(relay, carol, Ask.allocate(), 508);

        assertThat(ofUser)
                .isEqualTo(new Refusal(
                        RefusalReason.USER_QUOTA, "the user has 1 allocations, --max-allocations-per-user"));
        assertThat(ofServer)
                .isEqualTo(new Refusal(RefusalReason.SERVER_QUOTA, "the server has 2 allocations, --max-allocations"));
    }

    private static String sharedName() {
        return (RelayUnderTest.START_EPOCH_SECONDS + 3600) + ":carol";
    }

    private static String sharedPassword() {
        return RelayUnderTest.SHARED_SECRET
                .issue("carol", RelayUnderTest.START_EPOCH_SECONDS + 3600)
                .password();
    }

    @Test
    void aDeniedPeerIsToldWithTheRuleThatDeniesIt() {
        options.rules = List.of("allow 192.0.2.0/24", "deny 192.0.2.66/32");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);

        Refusal permission = refusal(relay, alice, Ask.createPermission("10.0.0.7:1"), 403);
        Refusal channel = refusal(relay, alice, Ask.channelBind(0x4000, "192.0.2.66:5000"), 403);
        Refusal noPort = refusal(relay, alice, Ask.channelBind(0x4000, "192.0.2.9:0"), 403);

        assertThat(permission.reason()).isEqualTo(RefusalReason.POLICY);
        assertThat(permission.words()).startsWith("the peer is denied by built-in deny 10.0.0.0/8 (");
        assertThat(permission.peer()).contains(RelayUnderTest.ip("10.0.0.7"));
        assertThat(channel.words()).isEqualTo("the peer is denied by --deny-peer 192.0.2.66/32");
        assertThat(channel.peer()).contains(RelayUnderTest.ip("192.0.2.66"));
        assertThat(noPort.words()).isEqualTo("nobody is reached at port 0");
    }

    @Test
    void aRefusedRequestIsToldWithTheAllocationThatItConcerns() {
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);
        RelayEvent.AllocationCreated created = (RelayEvent.AllocationCreated) relay.out.events.get(0);

        relay.refuse(alice, Ask.createPermission("10.0.0.7:1"), 403);
        relay.refuse(bob, Ask.refresh(600), 437);

        assertThat(relay.out.events)
                .filteredOn(RequestRefused.class::isInstance)
                .map(RequestRefused.class::cast)
                .satisfiesExactly(
                        refused -> {
                            assertThat(refused.allocation()).hasValue(created.id());
                            assertThat(refused.method()).isEqualTo(StunMethod.CREATE_PERMISSION);
                            assertThat(refused.code()).isEqualTo(403);
                            assertThat(refused.username()).isEqualTo("alice");
                        },
                        refused -> {
                            assertThat(refused.allocation()).isEmpty();
                            assertThat(refused.why().reason()).isEqualTo(RefusalReason.ALLOCATION_MISMATCH);
                        });
    }

    @Test
    void capsOfAnAllocationAreNamedWithTheirOption() {
        options.settings = new RelaySettings(600, 3600, 1, 1, 0x4FFF, false, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        Refusal permissions = refusal(relay, alice, Ask.createPermission("192.0.2.10:1"), 508);
        Refusal channels = refusal(relay, alice, Ask.channelBind(0x4001, "192.0.2.9:5001"), 508);

        assertThat(permissions)
                .isEqualTo(
                        new Refusal(RefusalReason.PERMISSIONS, "the allocation has 1 permissions, --max-permissions"));
        assertThat(channels)
                .isEqualTo(new Refusal(RefusalReason.CHANNELS, "the allocation has 1 channels, --max-channels"));
    }

    @Test
    @ExclusivePorts
    void whatIsWantingForAnAllocationIsTold() {
        options.ledger = new Ledger(50_000, 50_000, 10, 10);
        options.hasV6 = false;
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.machine.descriptorsLeft = 0;
        assertThat(refusal(relay, alice, Ask.allocate(), 508).reason()).isEqualTo(RefusalReason.SOCKETS);
        relay.machine.descriptorsLeft = 1;
        relay.allocate(alice);

        assertThat(refusal(relay, bob, Ask.allocate(), 508))
                .isEqualTo(new Refusal(RefusalReason.PORTS, "no free port that will do, --relay-ports"));
        assertThat(refusal(relay, bob, Ask.allocate(new RequestedAddressFamily(2)), 440)
                        .words())
                .contains("the server relays on no IPV6 address", "--relay-address");
        assertThat(refusal(relay, bob, Ask.allocate(new ReservationToken(7)), 508)
                        .reason())
                .isEqualTo(RefusalReason.RESERVATION);
    }

    @Test
    void everyOtherRefusalOfARequestHasWords() {
        RelayUnderTest relay = new RelayUnderTest(options);
        Attribute tcp = new RequestedTransport(6);
        Attribute token = new ReservationToken(7);
        assertThat(refusal(relay, alice, Ask.of(StunMethod.ALLOCATE), 400).reason())
                .isEqualTo(RefusalReason.BAD_REQUEST);
        assertThat(refusal(relay, alice, Ask.of(StunMethod.ALLOCATE, tcp), 442).words())
                .isEqualTo("protocol 6 is asked for, which is not UDP");
        assertThat(refusal(relay, alice, Ask.allocate(token, new EvenPort(false)), 400)
                        .words())
                .isNotBlank();
        assertThat(refusal(relay, alice, Ask.allocate(new RequestedAddressFamily(9)), 440)
                        .reason())
                .isEqualTo(RefusalReason.FAMILY);
        assertThat(refusal(relay, alice, Ask.allocate(new ResponsePort(9)), 420).words())
                .isEqualTo("unknown attributes 0x0027");
        relay.allocate(alice);
        assertThat(refusal(relay, alice, Ask.allocate(), 437).words())
                .isEqualTo("the client has an allocation already");
        assertThat(refusal(relay, alice, Ask.of(StunMethod.CREATE_PERMISSION), 400)
                        .words())
                .isEqualTo("XOR-PEER-ADDRESS is missing");
        assertThat(refusal(relay, alice, Ask.of(StunMethod.CHANNEL_BIND, new ChannelNumber(0x4000)), 400)
                        .words())
                .isNotBlank();
        assertThat(refusal(relay, alice, Ask.channelBind(0x5000, PEER), 400).words())
                .isEqualTo("channel 0x5000 is not 0x4000 to 0x4FFF");
        assertThat(refusal(relay, alice, Ask.createPermission("[2001:db8:9::1]:1"), 443)
                        .words())
                .isEqualTo("the allocation has no IPV6 address");
        relay.server.drain(List.of());
        assertThat(refusal(relay, bob, Ask.allocate(), 508).reason()).isEqualTo(RefusalReason.DRAINING);
    }

    @Test
    void strangersAreCountedByWhatIsWrongWithThem() {
        options.limiter = SourceRateLimiter.of(1, 2, 1, options.clock.nowNanos());
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient guesser = TestClient.over(Transport.UDP, "198.51.100.9:40000", "alice", "guess");

        relay.whenClientSends(guesser, Ask.allocate());
        relay.whenClientSends(guesser, Ask.allocate());

        assertThat(relay.server.refusals().value(RefusalReason.WRONG_PASSWORD)).isOne();
        assertThat(relay.server.refusals().value(RefusalReason.RATE)).isPositive();
        assertThat(total(relay) - relay.server.refusals().value(RefusalReason.RATE))
                .isOne();
    }

    @Test
    void aRetransmissionThatIsAnsweredIsNoRefusal() {
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice);
        byte[] request = alice.encode(Ask.allocate());
        relay.whenClientSends(alice, alice.encode(Ask.refresh(0)));
        relay.thenRelayGrants(alice);
        relay.whenClientSends(alice, request);
        relay.thenRelayGrants(alice);

        relay.whenClientSends(alice, request);

        relay.thenRelayGrants(alice);
        assertThat(relay.server.counters().value(RelayCounter.RETRANSMISSIONS)).isOne();
        assertThat(total(relay)).isZero();
    }
}
