package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.turn.AllocateOptions.Families;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.AttributeType;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.ValueWriter;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AllocationTest {
    private static final TransportAddress RELAYED_V6 =
            TransportAddress.parse("[2001:db8::1]:50002").orElseThrow();
    private static final TransportAddress OTHER_SERVER =
            TransportAddress.parse("192.0.2.9:3478").orElseThrow();

    private final TurnFlow flow = TurnFlow.overUdp();

    static long[] hostileStarts() {
        return VirtualClock.hostileStarts();
    }

    @Test
    @Rfc({"8656#7.1 (1)", "8656#7.3 (1)"})
    void allocationTellsItsAddressesAndLifetime() {
        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.events)
                .containsExactly(new TurnEvent.Allocated(
                        List.of(ScriptedTurnServer.RELAYED),
                        ScriptedTurnServer.MAPPED,
                        Duration.ofMinutes(10),
                        List.of(),
                        List.of()));
        assertThat(flow.client.relayed()).containsExactly(ScriptedTurnServer.RELAYED);
        assertThat(lastRequest().get(RequestedTransport.TYPE)).contains(new RequestedTransport(17));
    }

    @Test
    @Rfc("8656#7.1 (2)")
    void optionsStandInTheRequest() {
        flow.server.grant = List.of(new XorRelayedAddress(RELAYED_V6), new XorMappedAddress(ScriptedTurnServer.MAPPED));

        flow.allocate(new AllocateOptions(Families.IPV6, new AllocateOptions.EvenPortWanted(true), 1800, true));

        StunMessage request = lastRequest();
        assertThat(request.get(RequestedAddressFamily.TYPE)).contains(RequestedAddressFamily.of(AddressFamily.IPV6));
        assertThat(request.get(EvenPort.TYPE)).contains(new EvenPort(true));
        assertThat(request.get(Lifetime.TYPE)).contains(new Lifetime(1800));
        assertThat(request.has(DontFragment.TYPE)).isTrue();
        assertThat(flow.client.relayed(AddressFamily.IPV6)).contains(RELAYED_V6);
    }

    @Test
    @Rfc("8656#7.1 (3)")
    void optionsThatExcludeEachOtherAreRefused() {
        AllocateOptions dual = AllocateOptions.defaults().withFamilies(Families.DUAL);
        AllocateOptions.Port token = new AllocateOptions.ReservedPort(5);

        assertThatThrownBy(() -> dual.withPort(token)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dual.withPort(new AllocateOptions.EvenPortWanted(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(dual.withPort(new AllocateOptions.EvenPortWanted(false)).toAttributes())
                .contains(new EvenPort(false), AdditionalAddressFamily.of(AddressFamily.IPV6));
    }

    @Test
    void reservedPortIsToldAndAskedForByItsToken() {
        flow.server.grant = List.of(
                new XorRelayedAddress(ScriptedTurnServer.RELAYED),
                new XorMappedAddress(ScriptedTurnServer.MAPPED),
                new ReservationToken(77));
        flow.allocate(AllocateOptions.defaults().withPort(new AllocateOptions.EvenPortWanted(true)));
        TurnFlow second = TurnFlow.overUdp();

        second.allocate(AllocateOptions.defaults().withPort(new AllocateOptions.ReservedPort(77)));

        assertThat(flow.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        TurnEvent.Allocated.class,
                        allocated -> assertThat(allocated.reservation()).isEqualTo(OptionalLong.of(77)));
        StunMessage request = second.server.requests.get(1);
        assertThat(request.get(ReservationToken.TYPE)).contains(new ReservationToken(77));
        assertThat(request.has(RequestedAddressFamily.TYPE)).isFalse();
    }

    @Test
    @Rfc("8656#7.3 (2)")
    void familyThatADualAllocationLacksIsTold() {
        AddressErrorCode noIpv6 = AddressErrorCode.of(AddressFamily.IPV6, 440);
        flow.server.grant = List.of(
                new XorRelayedAddress(ScriptedTurnServer.RELAYED),
                new XorMappedAddress(ScriptedTurnServer.MAPPED),
                noIpv6);

        flow.allocate(AllocateOptions.defaults().withFamilies(Families.DUAL));

        assertThat(flow.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        TurnEvent.Allocated.class,
                        allocated -> assertThat(allocated.missing()).containsExactly(noIpv6));
    }

    @Test
    void dualAllocationHasTwoAddresses() {
        flow.server.grant = List.of(
                new XorRelayedAddress(ScriptedTurnServer.RELAYED),
                new XorRelayedAddress(RELAYED_V6),
                new XorMappedAddress(ScriptedTurnServer.MAPPED));

        flow.allocate(AllocateOptions.defaults().withFamilies(Families.DUAL));

        assertThat(flow.client.relayed()).containsExactly(ScriptedTurnServer.RELAYED, RELAYED_V6);
    }

    @Test
    @Rfc("8656#7.3 (1)")
    void allocationOfAFamilyNotAskedForIsDeleted() {
        flow.allocate(AllocateOptions.defaults().withFamilies(Families.IPV6));

        assertThat(flow.server.hasAllocation(flow.clock.nowNanos())).isFalse();
        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(
                        new TurnFailure.UnusableAnswer("an allocation that was not asked for")));
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, BAD_REQUEST, NONE",
        "403, FORBIDDEN, NONE",
        "437, ALLOCATION_MISMATCH, NEW_FLOW",
        "440, ADDRESS_FAMILY_NOT_SUPPORTED, OTHER_OPTIONS",
        "441, WRONG_CREDENTIALS, NONE",
        "442, UNSUPPORTED_TRANSPORT_PROTOCOL, NONE",
        "443, PEER_ADDRESS_FAMILY_MISMATCH, NONE",
        "486, ALLOCATION_QUOTA_REACHED, WAIT_A_MINUTE",
        "508, INSUFFICIENT_CAPACITY, WAIT_A_MINUTE",
        "699, OTHER, NONE"
    })
    @Rfc("8656#7.4 (1)")
    void refusalIsToldWithItsKindAndRemedy(int code, TurnError kind, TurnError.Remedy remedy) {
        flow.server.refuse(StunMethod.ALLOCATE, code);

        flow.allocate(AllocateOptions.defaults());

        TurnFailure.Refused refused = new TurnFailure.Refused(ErrorCode.of(code), List.of());
        assertThat(flow.events).containsExactly(new TurnEvent.AllocationFailed(refused));
        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(kind.remedy()).isEqualTo(remedy);
        assertThat(flow.client.nextDeadlineNanos()).isEmpty();
    }

    @Test
    @Rfc("8656#7.4 (2)")
    void attributesThatTheServerDoesNotKnowAreTold() {
        List<Integer> unknown = List.of(DontFragment.TYPE.number());
        flow.server.refuse(StunMethod.ALLOCATE, 420, new UnknownAttributes(unknown));

        flow.allocate(AllocateOptions.defaults().withDontFragment());

        assertThat(flow.events)
                .containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Refused(ErrorCode.of(420), unknown)));
    }

    @Test
    @Rfc("8489#10 (1)")
    void alternateServerIsTold() {
        flow.server.refuse(StunMethod.ALLOCATE, 300, new AlternateServer(OTHER_SERVER));

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.events)
                .containsExactly(
                        new TurnEvent.AllocationFailed(new TurnFailure.TryAlternate(List.of(OTHER_SERVER), List.of())));
    }

    @Test
    void anotherAllocationMayBeAskedForAfterAFailure() {
        flow.server.refuse(StunMethod.ALLOCATE, 508);
        flow.allocate(AllocateOptions.defaults());
        flow.server.relent();

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.client.relayed()).containsExactly(ScriptedTurnServer.RELAYED);
        assertThat(flow.server.methods).hasSize(3);
    }

    @Test
    void secondAllocationOnTheFlowIsAMistake() {
        flow.allocated();

        assertThatThrownBy(() -> flow.allocate(AllocateOptions.defaults())).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("hostileStarts")
    void silenceIsToldAfterSevenSends(long startNanos) {
        TurnFlow silent = new TurnFlow(startNanos, TurnClient.Transport.DATAGRAM, ScriptedRealm.USER);
        silent.loses = () -> true;

        silent.allocate(AllocateOptions.defaults());
        silent.run(Duration.ofMillis(38_499));
        assertThat(silent.events).isEmpty();
        silent.run(Duration.ofMillis(1));

        assertThat(silent.events).containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Silence()));
        assertThat(silent.sendTimes).hasSize(7);
    }

    @Test
    void nothingIsSentTwiceOverAStream() {
        TurnFlow stream = TurnFlow.overTcp();
        stream.loses = () -> true;

        stream.allocate(AllocateOptions.defaults());
        stream.run(Duration.ofMinutes(1));

        assertThat(stream.sendTimes).hasSize(1);
        assertThat(stream.events).containsExactly(new TurnEvent.AllocationFailed(new TurnFailure.Silence()));
    }

    @Test
    @Rfc("8489#6.3.3 (1)")
    void successWithAnUnknownAttributeThatMustBeUnderstoodIsAFailure() {
        flow.server.grant = List.of(
                new XorRelayedAddress(ScriptedTurnServer.RELAYED),
                new XorMappedAddress(ScriptedTurnServer.MAPPED),
                new Unheard());

        flow.allocate(AllocateOptions.defaults());

        assertThat(flow.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        TurnEvent.AllocationFailed.class,
                        failed -> assertThat(failed.failure()).isInstanceOf(TurnFailure.UnusableAnswer.class));
    }

    private StunMessage lastRequest() {
        return flow.server.requests.get(flow.server.requests.size() - 1);
    }

    /** An attribute of a type that must be understood and that nobody has registered. */
    private record Unheard() implements Attribute {
        private static final AttributeType<Unheard> TYPE =
                new AttributeType<>(0x7ABC, "UNHEARD", value -> Optional.of(new Unheard()));

        @Override
        public AttributeType<Unheard> type() {
            return TYPE;
        }

        @Override
        public void encode(ValueWriter out) {
            out.uint32(1);
        }
    }
}
