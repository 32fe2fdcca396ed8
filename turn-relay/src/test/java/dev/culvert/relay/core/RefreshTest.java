package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefreshTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final String PEER_V6 = "[2001:db8:9::9]:5000";

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @ParameterizedTest
    @MethodSource("starts")
    @Rfc({"8656#6", "8656#9 (4)"})
    void allocationExpiresWithoutRefreshAndTakesAllWithIt(long startNanos) {
        options.clock = VirtualClock.startingAt(startNanos);
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.passWithTimers(Duration.ofSeconds(400));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.passWithTimers(Duration.ofSeconds(199));
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNotNull();
        relay.passWithTimers(Duration.ofSeconds(1));

        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        relay.thenNothingIsLeft();
        assertThat(relay.ended())
                .containsExactly(new AllocationEnded(
                        0,
                        alice.flow,
                        "alice",
                        "alice",
                        List.of(relayed),
                        EndReason.EXPIRED,
                        new Traffic(100, 1, 0, 0),
                        Duration.ofSeconds(600).toNanos()));
    }

    @ParameterizedTest
    @MethodSource("starts")
    @Rfc("8656#6")
    void nothingIsRoutedAfterTheEndThoughNoTimerHasGoneOff(long startNanos) {
        options.clock = VirtualClock.startingAt(startNanos);
        RelayUnderTest relay = new RelayUnderTest(options);
        TransportAddress relayed = relay.allocate(alice);
        relay.pass(Duration.ofSeconds(301));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        assertThat(relay.isHeard(PEER, relayed)).isTrue();

        relay.pass(Duration.ofSeconds(299));

        assertThat(relay.isHeard(PEER, relayed)).isFalse();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
    }

    @Test
    @Rfc({"8656#8.2 (2)", "8656#8.2 (4)", "8656#8.2 (5)"})
    void refreshSetsTheTimeAnew() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        relay.passWithTimers(Duration.ofSeconds(599));

        relay.whenClientSends(alice, Ask.refresh(1000));

        StunMessage answer = relay.thenRelayGrants(alice);
        assertThat(answer.get(Lifetime.TYPE)).contains(new Lifetime(1000));
        relay.passWithTimers(Duration.ofSeconds(999));
        assertThat(relay.server.allocations()).isOne();
        relay.passWithTimers(Duration.ofSeconds(1));
        relay.thenNothingIsLeft();
    }

    @Test
    @Rfc("8656#8.2 (2)")
    void refreshGrantsBetweenTheDefaultAndTheMaximum() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        for (long[] pair : new long[][] {{1, 600}, {601, 601}, {3601, 3600}}) {
            relay.whenClientSends(alice, Ask.refresh(pair[0]));
            assertThat(relay.thenRelayGrants(alice).get(Lifetime.TYPE)).contains(new Lifetime(pair[1]));
        }
        relay.whenClientSends(alice, Ask.refresh());
        assertThat(relay.thenRelayGrants(alice).get(Lifetime.TYPE)).contains(new Lifetime(600));
    }

    @Test
    @Rfc({"8656#8.2 (3)", "8656#8.2 (6)"})
    void refreshWithZeroDeletesAtOnceAndTheSame5TupleMayAllocateAgain() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        byte[] request = alice.encode(Ask.refresh(0));

        relay.whenClientSends(alice, request);

        assertThat(relay.thenRelayGrants(alice).get(Lifetime.TYPE)).contains(new Lifetime(0));
        relay.thenNothingIsLeft();
        relay.whenClientSends(alice, request);
        relay.thenRelayRefuses(alice, 437);
        relay.allocate(alice);
    }

    @Test
    @Rfc("8656#8.2 (1)")
    void refreshOfAFamilyThatIsNotThereIsAMismatch() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);

        relay.refuse(alice, Ask.refresh(RequestedAddressFamily.of(AddressFamily.IPV6)), 443);
        relay.refuse(alice, Ask.refresh(new Lifetime(0), new RequestedAddressFamily(9)), 443);
        relay.grant(alice, Ask.refresh(RequestedAddressFamily.of(AddressFamily.IPV4)));
    }

    @Test
    @Rfc("8656#8.1")
    void deletingOneFamilyLeavesTheOther() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.allocate(AdditionalAddressFamily.of(AddressFamily.IPV6)));
        List<XorRelayedAddress> relayed = relay.thenRelayGrants(alice).all(XorRelayedAddress.TYPE);
        relay.grant(alice, Ask.createPermission(PEER, PEER_V6));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        relay.grant(alice, Ask.channelBind(0x4001, PEER_V6));

        relay.grant(alice, Ask.refresh(new Lifetime(0), RequestedAddressFamily.of(AddressFamily.IPV4)));

        assertThat(relay.isHeard(PEER, relayed.get(0).address())).isFalse();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4000)).isNull();
        assertThat(relay.isHeard(PEER_V6, relayed.get(1).address())).isTrue();
        assertThat(relay.whenClientSendsChannelData(alice, 0x4001)).isNotNull();
        relay.refuse(alice, Ask.refresh(RequestedAddressFamily.of(AddressFamily.IPV4)), 443);
        relay.refuse(alice, Ask.createPermission(PEER), 443);
        relay.grant(alice, Ask.refresh(0));
        relay.thenNothingIsLeft();
        assertThat(relay.ended()).hasSize(1);
    }

    @Test
    @Rfc("8656#8.1")
    void eachFamilyHasItsOwnTime() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.allocate(AdditionalAddressFamily.of(AddressFamily.IPV6)));
        relay.thenRelayGrants(alice);
        relay.grant(alice, Ask.refresh(new Lifetime(900), RequestedAddressFamily.of(AddressFamily.IPV6)));

        relay.passWithTimers(Duration.ofSeconds(600));

        assertThat(relay.out.started.keySet())
                .extracting(TransportAddress::ip)
                .containsExactly(RelayUnderTest.RELAY_V6);
        relay.passWithTimers(Duration.ofSeconds(300));
        relay.thenNothingIsLeft();
    }

    @Test
    void allocationEndsWithItsCredentialIfToldSo() {
        options.settings = new RelaySettings(600, 3600, 8, 8, 0x4FFF, true, "");
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient carol = carol(RelayUnderTest.START_EPOCH_SECONDS + 700);
        relay.allocate(carol);
        relay.passWithTimers(Duration.ofSeconds(500));

        relay.whenClientSends(carol, Ask.refresh(3000));

        assertThat(relay.thenRelayGrants(carol).get(Lifetime.TYPE)).contains(new Lifetime(200));
        relay.passWithTimers(Duration.ofSeconds(200));
        relay.thenNothingIsLeft();
        assertThat(relay.ended()).extracting(AllocationEnded::reason).containsExactly(EndReason.CREDENTIAL_EXPIRED);
    }

    @Test
    void allocationOutlivesItsCredentialUnlessToldSo() {
        RelayUnderTest relay = new RelayUnderTest(options);
        TestClient carol = carol(RelayUnderTest.START_EPOCH_SECONDS + 10);
        relay.allocate(carol);

        relay.passWithTimers(Duration.ofSeconds(20));

        relay.grant(carol, Ask.refresh());
        relay.grant(carol, Ask.refresh(0));
        relay.whenClientSends(carol, carol.encode(Ask.allocate()));
        assertThat(relay.thenRelayAnswers(carol).get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
    }

    private static TestClient carol(long expiresAtEpochSeconds) {
        IssuedCredential issued = RelayUnderTest.SHARED_SECRET.issue("carol", expiresAtEpochSeconds);
        return TestClient.over(Transport.TCP, "198.51.100.9:40000", issued.username(), issued.password());
    }
}
