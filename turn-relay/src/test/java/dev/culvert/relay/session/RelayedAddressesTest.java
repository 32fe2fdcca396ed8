package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.AllocateOptions.EvenPortWanted;
import dev.culvert.ice.turn.AllocateOptions.Families;
import dev.culvert.ice.turn.AllocateOptions.ReservedPort;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.relay.core.ExclusivePorts;
import dev.culvert.relay.core.Ledger;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.net.SimulatedHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relayed addresses of both families, alone and together, and pairs of ports. */
class RelayedAddressesTest {
    private static final AllocateOptions IPV6 = AllocateOptions.defaults().withFamilies(Families.IPV6);
    private static final AllocateOptions DUAL = AllocateOptions.defaults().withFamilies(Families.DUAL);
    private static final AllocateOptions PAIR = AllocateOptions.defaults().withPort(new EvenPortWanted(true));

    private final ServerOptions options = new ServerOptions();
    private SessionLab lab = new SessionLab(1);
    private SimulatedHost aliceHost = lab.publicHost(10);
    private SimulatedHost bobHost = lab.publicHost(20);

    @BeforeEach
    void build() {
        lab = new SessionLab(1, options);
        aliceHost = lab.publicHost(10);
        bobHost = lab.publicHost(20);
    }

    private SimulatedTurnClient alice() {
        return alice(AddressFamily.IPV4);
    }

    private SimulatedTurnClient alice(AddressFamily flow) {
        return lab.client(aliceHost.open(), lab.server.address(flow), SimulatedTurnClient.ALICE);
    }

    private SimulatedTurnClient bob(AddressFamily flow) {
        return lab.client(bobHost.open(), lab.server.address(flow), SimulatedTurnClient.BOB);
    }

    private Traffic.Flow flow(SimulatedTurnClient from, TransportAddress to, SimulatedTurnClient receiver) {
        return lab.traffic.flow("to " + to, receiver, payload -> from.send(to, payload));
    }

    @ParameterizedTest
    @CsvSource({"IPV4, IPV4", "IPV4, IPV6", "IPV6, IPV4", "IPV6, IPV6"})
    @Rfc("8656#7.2 (7)")
    void flowsOfAnyFamilyMeetAtIpv6RelayedAddresses(AddressFamily ofAlice, AddressFamily ofBob) {
        SimulatedTurnClient alice = alice(ofAlice);
        SimulatedTurnClient bob = bob(ofBob);
        TransportAddress a = alice.allocate(IPV6).relayed().get(0);
        TransportAddress b = bob.allocate(IPV6).relayed().get(0);
        Traffic.Flow toBob = flow(alice, b, bob);
        Traffic.Flow toAlice = flow(bob, a, alice);

        alice.permit(b.ip());
        bob.permit(a.ip());
        lab.exchange(toBob, toAlice);
        alice.bindChannel(b);
        bob.bindChannel(a);
        lab.exchange(toBob, toAlice);

        assertThat(a.ip().family()).isEqualTo(AddressFamily.IPV6);
        assertThat(toBob.source()).isEqualTo(a);
        alice.close();
        bob.close();
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc({"8656#7.2 (9)", "8656#8.1"})
    void dualAllocationRelaysForBothFamiliesForAsLongAsItIsKept() {
        SimulatedTurnClient alice = alice();
        TurnEvent.Allocated allocated = alice.allocate(DUAL);
        SimulatedTurnClient bob = bob(AddressFamily.IPV4);
        SimulatedTurnClient bob6 = bob(AddressFamily.IPV6);
        TransportAddress b = bob.allocate();
        TransportAddress b6 = bob6.allocate(IPV6).relayed().get(0);
        TransportAddress a = alice.core.relayed(AddressFamily.IPV4).orElseThrow();
        TransportAddress a6 = alice.core.relayed(AddressFamily.IPV6).orElseThrow();
        alice.bindChannel(b);
        alice.bindChannel(b6);
        bob.permit(a.ip());
        bob6.permit(a6.ip());
        Traffic.Flow[] flows = {flow(alice, b, bob), flow(alice, b6, bob6), flow(bob, a, alice), flow(bob6, a6, alice)};

        lab.exchange(flows);
        lab.run(Duration.ofHours(3));
        lab.exchange(flows);

        assertThat(allocated.relayed()).hasSize(2);
        assertThat(allocated.missing()).isEmpty();
        assertThat(lab.server.ledger.totals()).isEqualTo(new Ledger.Totals(4, 0, 3, 2));
        List.of(alice, bob, bob6).forEach(SimulatedTurnClient::close);
        lab.server.requireNothingLeft();
    }

    @Test
    @Rfc({"8656#7.2 (7)", "8656#7.2 (9)"})
    void serverWithoutIpv6SaysSo() {
        options.relayedFamilies = List.of(AddressFamily.IPV4);

        TurnEvent.Allocated dual = alice().allocate(DUAL);
        TurnError alone = alice().failToAllocate(IPV6).refusal().orElseThrow();

        assertThat(dual.relayed()).extracting(relayed -> relayed.ip().family()).containsExactly(AddressFamily.IPV4);
        assertThat(dual.missing()).containsExactly(AddressErrorCode.of(AddressFamily.IPV6, 440));
        assertThat(alone).isEqualTo(TurnError.ADDRESS_FAMILY_NOT_SUPPORTED);
        assertThat(alone.remedy()).isEqualTo(TurnError.Remedy.OTHER_OPTIONS);
    }

    @Test
    @Rfc("8656#7.2 (9)")
    void dualAllocationGoesWithoutTheFamilyWhosePortsAreTaken() {
        InetAddress relayV6 = lab.server.address(AddressFamily.IPV6).ip().toInetAddress();
        for (int port = options.minPort; port <= options.maxPort; port++) {
            lab.serverHost().open(new InetSocketAddress(relayV6, port));
        }

        TurnEvent.Allocated dual = alice().allocate(DUAL);

        assertThat(dual.relayed()).hasSize(1);
        assertThat(dual.missing()).containsExactly(AddressErrorCode.of(AddressFamily.IPV6, 508));
    }

    @Test
    @ExclusivePorts
    @Rfc({"8656#7.2 (8)", "8656#7.2 (13)"})
    void reservedPortIsAnother5TuplesForItsToken() {
        SimulatedTurnClient rtp = alice();
        SimulatedTurnClient rtcp = alice();
        SimulatedTurnClient bob = bob(AddressFamily.IPV4);
        TransportAddress b = bob.allocate();
        TurnEvent.Allocated first = rtp.allocate(PAIR);
        Ledger.Totals reserved = lab.server.ledger.totals();
        lab.run(Duration.ofSeconds(29));
        TurnEvent.Allocated second = rtcp.allocate(withToken(first));

        TransportAddress even = first.relayed().get(0);
        TransportAddress odd = second.relayed().get(0);
        assertThat(even.port()).isEven();
        assertThat(odd).isEqualTo(new TransportAddress(even.ip(), even.port() + 1));
        assertThat(reserved).isEqualTo(new Ledger.Totals(3, 1, 3, 2));
        assertThat(lab.server.ledger.totals()).isEqualTo(new Ledger.Totals(3, 0, 3, 2));
        rtp.bindChannel(b);
        rtcp.bindChannel(b);
        bob.permit(even.ip());
        lab.exchange(flow(rtp, b, bob), flow(bob, even, rtp), flow(rtcp, b, bob), flow(bob, odd, rtcp));
        assertThat(alice().failToAllocate(withToken(first)).refusal()).contains(TurnError.INSUFFICIENT_CAPACITY);
        List.of(rtp, rtcp, bob).forEach(SimulatedTurnClient::close);
        lab.run(Duration.ofSeconds(30));
        lab.server.requireNothingLeft();
    }

    @Test
    @ExclusivePorts
    @Rfc("8656#7.2 (13)")
    void reservationThatNobodyClaimsEndsAfterHalfAMinute() {
        SimulatedTurnClient rtp = alice();
        TurnEvent.Allocated first = rtp.allocate(PAIR);

        lab.run(Duration.ofSeconds(31));

        assertThat(lab.server.ledger.totals()).isEqualTo(new Ledger.Totals(1, 0, 1, 1));
        assertThat(alice().failToAllocate(withToken(first)).refusal()).contains(TurnError.INSUFFICIENT_CAPACITY);
        rtp.close();
        lab.server.requireNothingLeft();
    }

    @Test
    @ExclusivePorts
    @Rfc("8656#7.2 (13)")
    void reservationOutlivesTheAllocationThatItWasMadeWith() {
        SimulatedTurnClient rtp = alice();
        TurnEvent.Allocated first = rtp.allocate(PAIR);
        rtp.close();

        SimulatedTurnClient rtcp = alice();
        TurnEvent.Allocated second = rtcp.allocate(withToken(first));

        assertThat(second.relayed().get(0).port())
                .isEqualTo(first.relayed().get(0).port() + 1);
        assertThat(lab.server.ledger.totals()).isEqualTo(new Ledger.Totals(1, 0, 1, 1));
        rtcp.close();
        lab.run(Duration.ofSeconds(30));
        lab.server.requireNothingLeft();
    }

    private static AllocateOptions withToken(TurnEvent.Allocated first) {
        return AllocateOptions.defaults()
                .withPort(new ReservedPort(first.reservation().orElseThrow()));
    }
}
