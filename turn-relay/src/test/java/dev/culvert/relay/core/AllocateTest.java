package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayEvent.AllocationCreated;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.OpaqueAttribute;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocateTest {
    private static final RequestedAddressFamily IPV6 = RequestedAddressFamily.of(AddressFamily.IPV6);
    private static final AdditionalAddressFamily BOTH = AdditionalAddressFamily.of(AddressFamily.IPV6);

    private final Options options = new Options();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");

    @Test
    @Rfc("8656#7.2 (1)")
    void allocateWithoutIntegrityIsChallengedAndLeavesNothing() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.whenClientSends(alice, alice.encode(Ask.allocate()));

        StunMessage answer = relay.thenRelayAnswers(alice);
        assertThat(answer.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        assertThat(answer.has(MessageIntegrity.TYPE)).isFalse();
        relay.thenNothingIsLeft();
    }

    @Test
    @Rfc({"8656#7.2 (12)", "8656#7.2 (14)"})
    void allocateAnswersWithRelayedAddressLifetimeAndMappedAddress() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.whenClientSends(alice, Ask.allocate());

        StunMessage answer = relay.thenRelayGrants(alice);
        assertThat(answer.all(XorRelayedAddress.TYPE)).hasSize(1);
        assertThat(answer.get(XorRelayedAddress.TYPE).orElseThrow().address().ip())
                .isEqualTo(RelayUnderTest.RELAY_V4);
        assertThat(answer.get(XorRelayedAddress.TYPE).orElseThrow().address().port())
                .isBetween(50_000, 50_063);
        assertThat(answer.get(Lifetime.TYPE)).contains(new Lifetime(600));
        assertThat(answer.get(XorMappedAddress.TYPE)).contains(new XorMappedAddress(alice.flow.remote()));
        assertThat(relay.out.events).hasSize(1).first().isInstanceOf(AllocationCreated.class);
    }

    @Test
    @Rfc("8656#7.2 (2)")
    void secondAllocateOnTheSame5TupleIsAMismatch() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.allocate(alice);

        relay.refuse(alice, Ask.allocate(), 437);

        assertThat(relay.machine.bound).hasSize(1);
    }

    @Test
    @ExclusivePorts
    @Rfc({"8656#5 (4)", "8656#7.2 (15)"})
    void retransmittedAllocateGetsTheSameAnswer() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.refresh()); // for the challenge
        relay.thenRelayRefuses(alice, 437);
        byte[] request = alice.encode(Ask.allocate(new EvenPort(true)));
        relay.whenClientSends(alice, request);
        StunMessage first = relay.thenRelayGrants(alice);

        relay.pass(Duration.ofSeconds(3));
        relay.whenClientSends(alice, request);

        StunMessage second = relay.thenRelayGrants(alice);
        assertThat(second.get(XorRelayedAddress.TYPE)).isEqualTo(first.get(XorRelayedAddress.TYPE));
        assertThat(second.get(ReservationToken.TYPE)).isPresent().isEqualTo(first.get(ReservationToken.TYPE));
        assertThat(second.get(Lifetime.TYPE)).contains(new Lifetime(597));
        assertThat(relay.machine.bound).hasSize(2);
    }

    @Test
    @Rfc("8656#7.2 (3)")
    void requestedTransportMustBeThereAndWellFormedAndUdp() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.refuse(alice, Ask.of(StunMethod.ALLOCATE), 400);
        relay.refuse(alice, Ask.of(StunMethod.ALLOCATE, raw(RequestedTransport.TYPE.number(), 17)), 400);
        relay.refuse(alice, Ask.of(StunMethod.ALLOCATE, new RequestedTransport(RequestedTransport.TCP)), 442);

        relay.thenNothingIsLeft();
    }

    private static OpaqueAttribute raw(int type, int... bytes) {
        byte[] value = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            value[i] = (byte) bytes[i];
        }
        return new OpaqueAttribute(OpaqueAttribute.type(type, "raw"), Octets.of(value));
    }

    @Test
    @Rfc("8656#7.2 (4)")
    void dontFragmentIsUnknownWhereTheDfBitCannotBeSet() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.whenClientSends(alice, Ask.allocate(new DontFragment()));

        assertThat(relay.thenRelayRefuses(alice, 420).get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x001A)));
        relay.out.canForbidFragments = true;
        relay.grant(alice, Ask.allocate(new DontFragment()));
    }

    @Test
    @Rfc("8489#6.3.1")
    void unknownAttributesAreToldAfterTheAuthentication() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.whenClientSends(alice, alice.encode(Ask.allocate(new Priority(7))));
        StunMessage challenge = relay.thenRelayAnswers(alice);
        assertThat(challenge.get(ErrorCode.TYPE)).contains(new ErrorCode(401, ""));
        alice.isChallenged(challenge);
        relay.whenClientSends(alice, Ask.allocate(new Priority(7), raw(0x7FFE), raw(0xFFFE)));

        assertThat(relay.thenRelayRefuses(alice, 420).get(UnknownAttributes.TYPE))
                .contains(new UnknownAttributes(List.of(0x0024, 0x7FFE)));
    }

    @Test
    @ExclusivePorts
    @Rfc({"8656#7.2 (5)", "8656#7.2 (8)", "8656#7.2 (13)"})
    void reservedPortIsRedeemedFromAnother5Tuple() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.allocate(new EvenPort(true)));
        StunMessage first = relay.thenRelayGrants(alice);
        int even = first.get(XorRelayedAddress.TYPE).orElseThrow().address().port();
        ReservationToken token = first.get(ReservationToken.TYPE).orElseThrow();
        TestClient bob = TestClient.bob("[2001:db8:7::7]:50000");

        relay.passWithTimers(Duration.ofSeconds(29));
        relay.whenClientSends(bob, Ask.allocate(token));

        StunMessage second = relay.thenRelayGrants(bob);
        assertThat(even).isEven();
        assertThat(second.get(XorRelayedAddress.TYPE).orElseThrow().address().port())
                .isEqualTo(even + 1);
        assertThat(second.get(ReservationToken.TYPE)).isEmpty();
        assertThat(relay.ledger.totals()).isEqualTo(new Ledger.Totals(2, 0, 2, 2));
        TestClient carol = TestClient.alice("198.51.100.8:40000");
        relay.refuse(carol, Ask.allocate(token), 508);
    }

    @Test
    @ExclusivePorts
    @Rfc({"8656#7.2 (5)", "8656#7.2 (13)"})
    void reservationEndsAfterThirtySecondsAndGivesItsPortBack() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.whenClientSends(alice, Ask.allocate(new EvenPort(true)));
        ReservationToken token =
                relay.thenRelayGrants(alice).get(ReservationToken.TYPE).orElseThrow();
        relay.grant(alice, Ask.refresh(0));
        assertThat(relay.machine.bound).hasSize(1);

        relay.passWithTimers(Duration.ofSeconds(30));

        relay.thenNothingIsLeft();
        relay.refuse(alice, Ask.allocate(token), 508);
        relay.refuse(alice, Ask.allocate(new ReservationToken(12)), 508);
    }

    @Test
    @Rfc({"8656#7.2 (5)", "8656#7.2 (6)", "8656#7.2 (8)", "8656#7.2 (9)"})
    void attributesThatExcludeEachOtherAreABadRequest() {
        RelayUnderTest relay = new RelayUnderTest();
        ReservationToken token = new ReservationToken(1);

        relay.refuse(alice, Ask.allocate(token, new EvenPort(false)), 400);
        relay.refuse(alice, Ask.allocate(token, IPV6), 400);
        relay.refuse(alice, Ask.allocate(token, BOTH), 400);
        relay.refuse(alice, Ask.allocate(IPV6, BOTH), 400);
        relay.refuse(alice, Ask.allocate(new EvenPort(true), BOTH), 400);
        relay.refuse(alice, Ask.allocate(AdditionalAddressFamily.of(AddressFamily.IPV4)), 400);

        relay.thenNothingIsLeft();
    }

    @Test
    @Rfc("8656#7.2 (7)")
    void familyIsTheRequestedOneOrIpv4WhateverTheClientsIs() {
        RelayUnderTest relay = new RelayUnderTest();
        TestClient v6 = TestClient.bob("[2001:db8:7::7]:50000");

        relay.whenClientSends(alice, Ask.allocate(IPV6));
        assertThat(relay.thenRelayGrants(alice)
                        .get(XorRelayedAddress.TYPE)
                        .orElseThrow()
                        .address()
                        .ip())
                .isEqualTo(RelayUnderTest.RELAY_V6);

        assertThat(relay.allocate(v6).ip()).isEqualTo(RelayUnderTest.RELAY_V4);
    }

    @Test
    @Rfc("8656#7.2 (7)")
    void familyThatIsNotServedIsRefused() {
        options.hasV6 = false;
        RelayUnderTest onlyV4 = new RelayUnderTest(options);
        Options other = new Options();
        other.hasV4 = false;
        RelayUnderTest onlyV6 = new RelayUnderTest(other);

        onlyV4.refuse(alice, Ask.allocate(IPV6), 440);
        onlyV4.refuse(alice, Ask.allocate(new RequestedAddressFamily(3)), 440);
        onlyV6.refuse(TestClient.alice("198.51.100.7:40000"), Ask.allocate(), 440);

        onlyV4.thenNothingIsLeft();
    }

    @Test
    @Rfc("8656#7.2 (9)")
    void additionalFamilyGivesBothAddresses() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.whenClientSends(alice, Ask.allocate(BOTH));

        StunMessage answer = relay.thenRelayGrants(alice);
        assertThat(answer.all(XorRelayedAddress.TYPE))
                .extracting(relayed -> relayed.address().ip())
                .containsExactly(RelayUnderTest.RELAY_V4, RelayUnderTest.RELAY_V6);
        assertThat(answer.has(AddressErrorCode.TYPE)).isFalse();
        assertThat(relay.ledger.totals()).isEqualTo(new Ledger.Totals(2, 0, 1, 1));
    }

    @Test
    @Rfc("8656#7.2 (9)")
    void additionalFamilyThatCannotBeHadIsExplained() {
        options.hasV6 = false;
        RelayUnderTest relay = new RelayUnderTest(options);

        relay.whenClientSends(alice, Ask.allocate(BOTH));

        StunMessage answer = relay.thenRelayGrants(alice);
        assertThat(answer.all(XorRelayedAddress.TYPE)).hasSize(1);
        assertThat(answer.get(AddressErrorCode.TYPE)).contains(AddressErrorCode.of(AddressFamily.IPV6, 440));
    }

    @Test
    @Rfc("8656#7.2 (9)")
    void bothFamiliesWithoutADescriptorAreInsufficientCapacity() {
        RelayUnderTest relay = new RelayUnderTest();
        relay.machine.descriptorsLeft = 0;

        relay.refuse(alice, Ask.allocate(BOTH), 508);
        relay.refuse(alice, Ask.allocate(), 508);

        relay.thenNothingIsLeft();
        assertThat(relay.out.events).hasOnlyElementsOfType(AllocationRefused.class);
    }

    @Test
    @Rfc("8656#7.2 (12)")
    void lifetimeIsBetweenTheDefaultAndTheMaximum() {
        long[][] askedAndGranted = {{0, 600}, {1, 600}, {601, 601}, {3600, 3600}, {3601, 3600}, {0xFFFF_FFFFL, 3600}};
        for (long[] pair : askedAndGranted) {
            RelayUnderTest relay = new RelayUnderTest();
            relay.whenClientSends(alice, Ask.allocate(new Lifetime(pair[0])));

            assertThat(relay.thenRelayGrants(alice).get(Lifetime.TYPE)).contains(new Lifetime(pair[1]));
        }
    }

    @Test
    @Rfc("8656#21.4")
    void clientsBehindTunnelsGetNoAllocation() {
        RelayUnderTest relay = new RelayUnderTest();

        relay.refuse(TestClient.alice("[2002:c633:6407::1]:40000"), Ask.allocate(), 403);
        relay.refuse(TestClient.alice("[2001:0:c633:6407::1]:40000"), Ask.allocate(), 403);
        relay.allocate(TestClient.alice("[2001:1:c633:6407::1]:40000"));
    }
}
