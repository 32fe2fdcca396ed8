package dev.culvert.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.nat.FilteringBehavior;
import dev.culvert.testkit.nat.MappingBehavior;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two clients behind any two NATs: each payload arrives once, in order, and nowhere else. */
@Rfc({"8656#11.2 (6)", "8656#12.5", "8656#12.6 (3)"})
class NatSquareTest {
    private static final int ALICE = 10;
    private static final int BOB = 20;

    private enum Nat {
        FULL_CONE(NatBehavior.fullCone()),
        RESTRICTED_CONE(NatBehavior.restrictedCone()),
        PORT_RESTRICTED_CONE(NatBehavior.portRestrictedCone()),
        ADDRESS_DEPENDENT_MAPPING(NatBehavior.addressDependentMapping()),
        SYMMETRIC_RANDOM(NatBehavior.symmetricRandom()),
        SYMMETRIC_SEQUENTIAL(NatBehavior.symmetricSequential()),
        MASQUERADE_CLOSED_INPUT(NatBehavior.linuxMasquerade(false)),
        MASQUERADE_OPEN_INPUT(NatBehavior.linuxMasquerade(true)),
        FIREWALL(NatBehavior.firewallOnly());

        final NatBehavior behavior;

        Nat(NatBehavior behavior) {
            this.behavior = behavior;
        }

        /** Whether all ports of one remote address see the same mapping. */
        boolean keepsMappingForOneAddress() {
            return behavior.mapping() != MappingBehavior.ADDRESS_AND_PORT_DEPENDENT;
        }
    }

    /** Alice and Bob behind NATs of their own, and a peer without TURN beside Bob. */
    private static final class Square {
        final SessionLab lab;
        final SimulatedTurnClient alice;
        final SimulatedTurnClient bob;
        final PlainPeer carol;

        Square(NatBehavior aliceNat, NatBehavior bobNat, long seed) {
            lab = new SessionLab(seed);
            SimulatedNat toAlice = lab.nat(ALICE, aliceNat);
            SimulatedNat toBob = lab.nat(BOB, bobNat);
            alice = lab.client(slow(lab.hostBehind(toAlice, ALICE, 1)), SimulatedTurnClient.ALICE);
            bob = lab.client(slow(lab.hostBehind(toBob, BOB, 1)), SimulatedTurnClient.BOB);
            carol = lab.peer(slow(lab.hostBehind(toBob, BOB, 2)));
        }

        private static SimulatedHost slow(SimulatedHost host) {
            return host.link(Link.withLatency(Duration.ofMillis(15)).jittered(Duration.ofMillis(10)));
        }
    }

    static Stream<Object[]> square() {
        return Stream.of(Nat.values()).flatMap(a -> Stream.of(Nat.values()).map(b -> new Object[] {a, b}));
    }

    @ParameterizedTest(name = "{0} × {1}")
    @MethodSource("square")
    void payloadsBetweenTwoRelayedAddressesArriveOnceAndInOrder(Nat ofAlice, Nat ofBob) {
        Square square = new Square(ofAlice.behavior, ofBob.behavior, 1);
        SimulatedTurnClient alice = square.alice;
        SimulatedTurnClient bob = square.bob;
        TransportAddress a = alice.allocate();
        TransportAddress b = bob.allocate();
        Traffic.Flow toBob = square.lab.traffic.flow("Alice to Bob", bob, payload -> alice.send(b, payload));
        Traffic.Flow toAlice = square.lab.traffic.flow("Bob to Alice", alice, payload -> bob.send(a, payload));

        alice.permit(b.ip());
        bob.permit(a.ip());
        square.lab.exchange(toBob, toAlice);
        alice.bindChannel(b);
        square.lab.exchange(toBob, toAlice);
        bob.bindChannel(a);
        square.lab.exchange(toBob, toAlice);

        assertThat(toBob.source()).isEqualTo(a);
        assertThat(toAlice.source()).isEqualTo(b);
        alice.close();
        bob.close();
        square.lab.server.requireNothingLeft();
    }

    @ParameterizedTest(name = "{0} × {1}")
    @MethodSource("square")
    @Rfc("8656#9 (3)")
    void payloadsToAndFromAPeerBehindANatArriveOnceAndInOrder(Nat ofAlice, Nat ofCarol) {
        Square square = new Square(ofAlice.behavior, ofCarol.behavior, 2);
        SimulatedTurnClient alice = square.alice;
        TransportAddress relayed = alice.allocate();
        TransportAddress reflexive = square.carol.reflexiveAddress(square.lab.server.address());
        alice.permit(reflexive.ip());
        Traffic.Flow toAlice =
                square.lab.traffic.flow("Carol to Alice", alice, payload -> square.carol.send(relayed, payload));

        // Carol opens her NAT; where its mapping depends on the remote end, only now her port is known.
        toAlice.send();
        square.lab.run(Duration.ofMillis(200));
        TransportAddress seen = toAlice.source();
        Traffic.Flow toCarol = square.lab.traffic.flow("Alice to Carol", square.carol, p -> alice.send(seen, p));
        square.lab.exchange(toCarol, toAlice);
        alice.bindChannel(seen);
        square.lab.exchange(toCarol, toAlice);

        assertThat(seen.ip()).isEqualTo(reflexive.ip());
        // The relay has the address of the STUN server that she asked, and another port.
        assertThat(seen.equals(reflexive)).isEqualTo(ofCarol.keepsMappingForOneAddress());
        assertThat(toAlice.source()).isEqualTo(seen);
        assertThat(toCarol.source()).isEqualTo(relayed);
        alice.close();
        square.lab.server.requireNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(Nat.class)
    void reflexiveAddressIsReachedFromARelayWhereTheNatLetsAnybodyIn(Nat ofCarol) {
        Square square = new Square(NatBehavior.symmetricRandom(), ofCarol.behavior, 3);
        square.alice.allocate();
        TransportAddress reflexive = square.carol.reflexiveAddress(square.lab.server.address());
        square.alice.permit(reflexive.ip());
        Traffic.Flow toCarol = square.lab.traffic.flow(
                "Alice to Carol", square.carol, payload -> square.alice.send(reflexive, payload));

        toCarol.send();
        square.lab.run(Duration.ofMillis(200));

        boolean isOpen = ofCarol.keepsMappingForOneAddress()
                && ofCarol.behavior.filtering() != FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT;
        assertThat(toCarol.arrived()).isEqualTo(isOpen ? List.of(0) : List.of());
    }

    @Test
    @Rfc("8656#11.3")
    void payloadsWithoutAPermissionReachNobody() {
        Square square = new Square(NatBehavior.symmetricRandom(), NatBehavior.symmetricRandom(), 4);
        TransportAddress a = square.alice.allocate();
        TransportAddress b = square.bob.allocate();
        square.alice.permit(b.ip());
        Traffic.Flow toBob = square.lab.traffic.flow("to Bob", square.bob, payload -> square.alice.send(b, payload));
        Traffic.Flow toAlice = square.lab.traffic.flow("to Alice", square.alice, p -> square.carol.send(a, p));

        assertThat(toBob.send()).isTrue();
        toAlice.send();
        square.lab.run(Duration.ofMillis(200));

        assertThat(toBob.arrived()).isEmpty();
        assertThat(toAlice.arrived()).isEmpty();
    }

    @Test
    void behindANatThatBlocksUdpNobodyAnswers() {
        Square square = new Square(NatBehavior.udpBlocked(), NatBehavior.fullCone(), 5);

        TurnFailure failure = square.alice.failToAllocate(AllocateOptions.defaults());

        assertThat(failure).isEqualTo(new TurnFailure.Silence());
        square.lab.server.requireNothingLeft();
    }

    @Test
    void twoRunsOfOneSeedAreAlike() {
        assertThat(traceOf(7)).isEqualTo(traceOf(7));
        assertThat(traceOf(7)).isNotEqualTo(traceOf(8));
    }

    private static String traceOf(long seed) {
        Square square = new Square(NatBehavior.symmetricRandom(), NatBehavior.symmetricRandom(), seed);
        TransportAddress b = square.bob.allocate();
        square.alice.allocate();
        square.alice.bindChannel(b);
        square.lab.run(Duration.ofMinutes(30));
        square.alice.close();
        return square.lab.network.trace().toString();
    }
}
