package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GeneralBehaviorTest {
    private static final String PEER = "192.0.2.9:5000";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc("8656#5 (2)")
    void requestsWithoutAnAllocationAreAMismatch() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.refuse(alice, Ask.refresh(), 437);
        relay.refuse(alice, Ask.createPermission(PEER), 437);
        relay.refuse(alice, Ask.channelBind(0x4000, PEER), 437);
    }

    @Test
    @Rfc("8656#5 (1)")
    void requestsOfAnotherUserOnTheSame5TupleAreRefused() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient bob = TestClient.bob("198.51.100.7:40000");
        relay.allocate(alice);

        relay.refuse(bob, Ask.refresh(0), 441);
        relay.refuse(bob, Ask.createPermission(PEER), 441);
        relay.refuse(bob, Ask.channelBind(0x4000, PEER), 441);
        relay.refuse(bob, Ask.allocate(), 437);

        assertThat(relay.server.allocations()).isOne();
    }

    @Test
    void the5TupleIncludesTransportAndServerAddress() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient overTcp = TestClient.over(Transport.TCP, "198.51.100.7:40000", "alice", "secret");

        assertThat(relay.allocate(alice)).isNotEqualTo(relay.allocate(overTcp));

        relay.server.onConnectionClosed(overTcp.flow, relay.clock.nowNanos(), relay.out);
        assertThat(relay.ended())
                .extracting(AllocationEnded::flow, AllocationEnded::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(overTcp.flow, EndReason.CONNECTION_CLOSED));
        relay.grant(alice, Ask.refresh());
    }

    @Test
    @Rfc({"8656#5 (5)", "8656#7.2 (10)"})
    void quotasCountPerUserAndInAll() {
        options.ledger = new Ledger(50_000, 50_063, 3, 2);
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient second = TestClient.alice("198.51.100.7:40001");
        TestClient third = TestClient.alice("198.51.100.7:40002");
        TestClient bob = TestClient.bob("198.51.100.8:1");
        relay.allocate(alice);

        relay.refuse(second, Ask.allocate(new EvenPort(true)), 486);
        relay.allocate(second);
        relay.refuse(third, Ask.allocate(), 486);
        relay.allocate(bob);
        relay.refuse(TestClient.bob("198.51.100.8:2"), Ask.allocate(), 508);
        relay.grant(second, Ask.refresh(0));
        relay.allocate(third);
    }

    @Test
    @Rfc("8656#5 (6)")
    void softwareIsNamedInAnswersToAllocateAndRefreshAlone() {
        options.settings = new RelaySettings(600, 3600, 8, 8, 0x4FFF, false, "Culvert");
        RelayUnderTest relay = new RelayUnderTest(options);

        relay.whenClientSends(alice, alice.encode(Ask.allocate()));
        StunMessage challenge = relay.thenRelayAnswers(alice);
        alice.isChallenged(challenge);
        assertThat(challenge.has(Software.TYPE)).isFalse();
        relay.whenClientSends(alice, Ask.allocate());
        assertThat(relay.thenRelayGrants(alice).get(Software.TYPE)).contains(new Software("Culvert"));
        relay.whenClientSends(alice, Ask.allocate());
        assertThat(relay.thenRelayRefuses(alice, 437).has(Software.TYPE)).isTrue();
        relay.whenClientSends(alice, Ask.createPermission(PEER));
        assertThat(relay.thenRelayGrants(alice).has(Software.TYPE)).isFalse();
    }

    @Test
    void unauthenticatedAnswersAreLimitedAndAuthenticatedOnesAreNot() {
        options.limiter = SourceRateLimiter.of(1, 3, 0x5EED, options.clock.nowNanos());
        RelayUnderTest relay = new RelayUnderTest(options);
        relay.allocate(alice); // one challenge
        TestClient stranger = TestClient.over(Transport.UDP, "198.51.100.99:1", "mallory", "guess");

        for (int i = 0; i < 10; i++) {
            relay.whenClientSends(stranger, stranger.encode(Ask.allocate()));
        }

        assertThat(relay.out.sent).hasSize(2);
        relay.out.sent.clear();
        assertThat(relay.server.counters().value(RelayCounter.RATE_LIMITED)).isEqualTo(8);
        relay.grant(alice, Ask.refresh());
    }

    @Test
    void wrongPasswordIsAnsweredWithAFreshChallengeAndTold() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient mallory = TestClient.over(Transport.UDP, "198.51.100.99:1", "alice", "guess");

        relay.whenClientSends(mallory, Ask.allocate());

        assertThat(relay.thenRelayAnswers(mallory).get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        assertThat(relay.out.events).singleElement().isInstanceOf(AuthenticationFailed.class);
        relay.thenNothingIsLeft();
    }

    @Test
    void failureUnderAForgedAddressIsNotTold() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient mallory = TestClient.over(Transport.UDP, "198.51.100.99:1", "alice", "guess");
        relay.whenClientSends(mallory, mallory.encode(Ask.allocate()));
        StunMessage challenge = relay.thenRelayAnswers(mallory);
        TestClient forged = TestClient.over(Transport.UDP, "198.51.100.7:40000", "alice", "guess");
        forged.isChallenged(challenge);

        relay.whenClientSends(forged, forged.encode(Ask.allocate()));

        assertThat(relay.thenRelayAnswers(forged).get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        assertThat(relay.out.events).isEmpty();
    }

    @Test
    void failureOnAConnectionIsToldWhateverItsNonce() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient mallory = TestClient.over(Transport.UDP, "198.51.100.99:1", "alice", "guess");
        relay.whenClientSends(mallory, mallory.encode(Ask.allocate()));
        StunMessage challenge = relay.thenRelayAnswers(mallory);
        TestClient connected = TestClient.over(Transport.TCP, "198.51.100.99:2", "alice", "guess");
        connected.isChallenged(challenge);

        relay.whenClientSends(connected, connected.encode(Ask.allocate()));

        assertThat(relay.out.events).singleElement().isInstanceOf(AuthenticationFailed.class);
    }

    @Test
    void nonceThatAgedIsNoFailure() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        relay.out.events.clear();
        relay.pass(Duration.ofHours(2));

        relay.whenClientSends(alice, alice.encode(Ask.allocate()));

        assertThat(relay.thenRelayAnswers(alice).get(ErrorCode.TYPE)).contains(new ErrorCode(438, ""));
        assertThat(relay.out.events).noneMatch(AuthenticationFailed.class::isInstance);
    }

    @Test
    void otherMethodsClassesAndBytesAreNotAnswered() {
        RelayUnderTest relay = new RelayUnderTest();
        byte[] classic = alice.encode(Ask.allocate());
        classic[4] = 0;
        byte[] response = alice.encode(Ask.allocate());
        response[0] = 1;

        relay.whenClientSends(alice, classic);
        relay.whenClientSends(alice, response);
        relay.whenClientSends(alice, alice.encode(Ask.of(StunMethod.BINDING)));
        relay.whenClientSends(alice, alice.encode(Ask.of(StunMethod.CONNECT)));
        relay.whenClientSends(alice, new byte[] {1, 2, 3});

        relay.thenRelayIsSilent();
        assertThat(relay.server.counters().value(RelayCounter.UNSUPPORTED_MESSAGES))
                .isEqualTo(4);
        assertThat(relay.server.counters().value(RelayCounter.MALFORMED)).isOne();
    }

    @Test
    @ExclusivePorts
    void endOfTheServerLeavesNothing() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.allocate(new EvenPort(true)));
        relay.thenRelayGrants(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.server.endAll(relay.clock.nowNanos(), relay.out);

        relay.thenNothingIsLeft();
        assertThat(relay.ended()).extracting(AllocationEnded::reason).containsExactly(EndReason.SHUT_DOWN);
    }

    @Test
    void clientsAreToldThePublicAddressBehindANat() {
        IpAddress told = RelayUnderTest.ip("192.0.2.250");
        options.told = Optional.of(told);
        RelayUnderTest relay = new RelayUnderTest(options);

        relay.whenClientSends(alice, Ask.allocate());

        XorRelayedAddress relayed =
                relay.thenRelayGrants(alice).get(XorRelayedAddress.TYPE).orElseThrow();
        assertThat(relayed.address().ip()).isEqualTo(told);
        assertThat(relay.ledger.isLive(told, relayed.address().port())).isTrue();
        assertThat(relay.ledger.isLive(
                        RelayUnderTest.RELAY_V4, relayed.address().port()))
                .isTrue();
        relay.passWithTimers(Duration.ofSeconds(600));
        assertThat(relay.ledger.isLive(told, relayed.address().port())).isFalse();
        relay.thenNothingIsLeft();
    }
}
