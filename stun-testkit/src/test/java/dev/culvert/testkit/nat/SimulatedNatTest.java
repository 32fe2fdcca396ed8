package dev.culvert.testkit.nat;

import static dev.culvert.testkit.nat.NatLab.A1P1;
import static dev.culvert.testkit.nat.NatLab.A1P2;
import static dev.culvert.testkit.nat.NatLab.A2P1;
import static dev.culvert.testkit.nat.NatLab.A2P2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.testkit.Rfc;
import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.net.Addresses;
import dev.culvert.testkit.net.Datagram;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import dev.culvert.testkit.net.Trace;
import dev.culvert.testkit.net.Trace.Outcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatedNatTest {
    static long[] starts() {
        return VirtualClock.hostileStarts();
    }

    @Rfc("4787#4.1")
    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void mappingIsReusedAsItsBehaviorSays(MappingBehavior mapping) {
        NatLab lab = NatLab.with(
                NatBehavior.of(mapping, FilteringBehavior.ENDPOINT_INDEPENDENT).with(PortAssignment.random()));
        SimulatedSocket socket = lab.client.open(5000);

        InetSocketAddress first = lab.mappedAddress(socket, A1P1);

        boolean perAddress = mapping != MappingBehavior.ENDPOINT_INDEPENDENT;
        boolean perPort = mapping == MappingBehavior.ADDRESS_AND_PORT_DEPENDENT;
        assertThat(lab.mappedAddress(socket, A1P1)).isEqualTo(first);
        assertThat(lab.mappedAddress(socket, A1P2).equals(first)).isEqualTo(!perPort);
        assertThat(lab.mappedAddress(socket, A2P1).equals(first)).isEqualTo(!perAddress);
        assertThat(lab.mappedAddress(socket, A2P2).equals(first)).isEqualTo(!perAddress);
    }

    @Rfc("4787#5")
    @ParameterizedTest
    @EnumSource
    void filterLetsInWhomItsBehaviorSays(FilteringBehavior filtering) {
        NatLab lab = NatLab.with(NatBehavior.of(MappingBehavior.ENDPOINT_INDEPENDENT, filtering));
        SimulatedSocket socket = lab.client.open(5000);

        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        assertThat(lab.passes(A1P1, mapped, socket)).isTrue();
        assertThat(lab.passes(A1P2, mapped, socket))
                .isEqualTo(filtering != FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(lab.passes(A2P2, mapped, socket)).isEqualTo(filtering == FilteringBehavior.ENDPOINT_INDEPENDENT);
    }

    @Test
    void nothingComesInWithoutAMapping() {
        NatLab lab = NatLab.with(NatBehavior.fullCone());
        SimulatedSocket socket = lab.client.open(5000);

        boolean passed = lab.passes(A1P1, Addresses.endpoint("203.0.113.10:5000"), socket);

        assertThat(passed).isFalse();
        assertThat(lab.network.trace().entries(Outcome.DROPPED))
                .extracting(Trace.Entry::note)
                .containsExactly("no mapping");
    }

    @Rfc("4787#6")
    @ParameterizedTest
    @EnumSource
    void hairpinShowsTheSourceThatItsBehaviorSays(Hairpinning hairpinning) {
        NatLab lab = NatLab.with(NatBehavior.fullCone().with(hairpinning).with(PortAssignment.random()));
        SimulatedSocket sender = lab.client.open(5000);
        SimulatedSocket receiver =
                lab.nat.inside().host("neighbour", "192.168.7.3").open(6000);
        InetSocketAddress senderMapped = lab.mappedAddress(sender, A1P1);
        InetSocketAddress receiverMapped = lab.mappedAddress(receiver, A1P1);

        sender.send(receiverMapped, new byte[1]);
        lab.network.runUntilIdle();

        switch (hairpinning) {
            case OFF -> assertThat(receiver.received()).isEmpty();
            case INTERNAL_SOURCE ->
                assertThat(receiver.received()).extracting(Datagram::source).containsExactly(sender.local());
            case EXTERNAL_SOURCE ->
                assertThat(receiver.received()).extracting(Datagram::source).containsExactly(senderMapped);
        }
    }

    @Rfc("4787#6")
    @Test
    void hairpinRespectsTheFilter() {
        NatLab lab = NatLab.with(NatBehavior.portRestrictedCone().with(Hairpinning.EXTERNAL_SOURCE));
        SimulatedSocket sender = lab.client.open(5000);
        SimulatedSocket receiver =
                lab.nat.inside().host("neighbour", "192.168.7.3").open(6000);
        InetSocketAddress senderMapped = lab.mappedAddress(sender, A1P1);
        InetSocketAddress receiverMapped = lab.mappedAddress(receiver, A1P1);

        sender.send(receiverMapped, new byte[1]);
        lab.network.runUntilIdle();
        int beforeAnySending = receiver.received().size();
        receiver.send(senderMapped, new byte[1]);
        lab.network.runUntilIdle();

        assertThat(beforeAnySending).isZero();
        assertThat(sender.received()).hasSize(1);
    }

    @Rfc("4787#4.3")
    @ParameterizedTest
    @MethodSource("starts")
    void mappingLivesLongerOnceItIsAStream(long startNanos) {
        NatLab lab = new NatLab(startNanos, NatBehavior.linuxMasquerade(false), "203.0.113.10");
        SimulatedSocket oneAnswer = lab.client.open(5000);
        SimulatedSocket stream = lab.client.open(6000);
        InetSocketAddress streamMapped = lab.mappedAddress(stream, A1P1);
        lab.passes(A1P1, streamMapped, stream);
        InetSocketAddress oneAnswerMapped = lab.mappedAddress(oneAnswer, A1P1);

        lab.network.runFor(Duration.ofSeconds(3));
        lab.passes(A1P1, oneAnswerMapped, oneAnswer);
        lab.mappedAddress(stream, A1P1);

        lab.network.runFor(Duration.ofSeconds(29));
        assertThat(lab.nat.mappings()).hasSize(2);
        lab.network.runFor(Duration.ofSeconds(2));
        assertThat(lab.nat.mappings()).extracting(ActiveMapping::external).containsExactly(streamMapped);
        lab.network.runFor(Duration.ofSeconds(88));
        assertThat(lab.nat.mappings()).hasSize(1);
        lab.network.runFor(Duration.ofSeconds(2));
        assertThat(lab.nat.mappings()).isEmpty();
    }

    @Rfc("4787#4.3")
    @Test
    void inboundTrafficRefreshesOnlyWhereItMay() {
        MappingLifetime lifetime = MappingLifetime.of(Duration.ofSeconds(60));

        assertThat(isAliveAfterInboundOnly(lifetime)).isTrue();
        assertThat(isAliveAfterInboundOnly(lifetime.outboundRefreshOnly())).isFalse();
    }

    private static boolean isAliveAfterInboundOnly(MappingLifetime lifetime) {
        NatLab lab = NatLab.with(NatBehavior.portRestrictedCone().with(lifetime));
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);
        for (int i = 0; i < 3; i++) {
            lab.network.runFor(Duration.ofSeconds(25));
            lab.passes(A1P1, mapped, socket);
        }
        return lab.passes(A1P1, mapped, socket);
    }

    @Rfc("4787#4.3")
    @Test
    void filterForgetsARemoteWhileTheMappingLives() {
        NatLab lab = NatLab.with(NatBehavior.portRestrictedCone().with(MappingLifetime.of(Duration.ofSeconds(60))));
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        lab.network.runFor(Duration.ofSeconds(40));
        lab.mappedAddress(socket, A2P2);
        lab.network.runFor(Duration.ofSeconds(40));

        assertThat(lab.passes(A1P1, mapped, socket)).isFalse();
        assertThat(lab.passes(A2P2, mapped, socket)).isTrue();
    }

    @Test
    void restartForgetsAllMappings() {
        NatLab lab = NatLab.with(NatBehavior.symmetricRandom());
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress before = lab.mappedAddress(socket, A1P1);

        lab.nat.restart();

        assertThat(lab.nat.mappings()).isEmpty();
        assertThat(lab.mappedAddress(socket, A1P1)).isNotEqualTo(before);
    }

    @Test
    void blockedUdpPassesInNoDirection() {
        NatLab lab = NatLab.with(NatBehavior.udpBlocked());

        lab.client.open(5000).send(A1P1, new byte[1]);
        lab.network.runUntilIdle();

        assertThat(lab.network.trace().entries(Outcome.DROPPED))
                .extracting(Trace.Entry::note)
                .containsExactly("UDP is blocked");
    }

    @Test
    void fragmentsAreDroppedWhereTold() {
        NatLab lab = NatLab.with(NatBehavior.fullCone().droppingFragments());
        SimulatedSocket socket = lab.client.open(5000);

        socket.send(A1P1, new byte[1472]);
        socket.send(A1P1, new byte[1473]);
        lab.network.runUntilIdle();

        assertThat(lab.network.trace().count(Outcome.DELIVERED)).isEqualTo(1);
        assertThat(lab.network.trace().entries(Outcome.DROPPED))
                .extracting(Trace.Entry::note)
                .containsExactly("fragments are dropped");
    }

    @Test
    void behaviorAndAddressesMustFit() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        NatBehavior random = NatBehavior.fullCone().with(PortAssignment.random());

        assertThatThrownBy(() -> SimulatedNat.on(network.internet(), NatBehavior.fullCone()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SimulatedNat.on(network.internet(), NatBehavior.firewallOnly(), "203.0.113.1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.with(Tracking.FLOWS)).isInstanceOf(IllegalArgumentException.class);
    }
}
