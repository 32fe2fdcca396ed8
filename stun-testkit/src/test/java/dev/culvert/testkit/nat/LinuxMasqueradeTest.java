package dev.culvert.testkit.nat;

import static dev.culvert.testkit.nat.NatLab.A1P1;
import static dev.culvert.testkit.nat.NatLab.A2P1;
import static dev.culvert.testkit.nat.NatLab.A2P2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinuxMasqueradeTest {
    @Test
    void looksEndpointIndependentToFreshSockets() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(true));
        SimulatedSocket socket = lab.client.open(5000);

        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        assertThat(mapped.getPort()).isEqualTo(5000);
        assertThat(lab.mappedAddress(socket, A2P2)).isEqualTo(mapped);
        assertThat(lab.passes(A1P1, mapped, socket)).isTrue();
        assertThat(lab.passes(A2P1, mapped, socket)).isFalse();
    }

    @Test
    void openInputIsPoisonedByAnUnsolicitedDatagram() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(true));
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        boolean passed = lab.passes(A2P2, mapped, socket);
        InetSocketAddress towardsPoisoner = lab.mappedAddress(socket, A2P2);

        assertThat(passed).isFalse();
        assertThat(towardsPoisoner.getAddress()).isEqualTo(mapped.getAddress());
        assertThat(towardsPoisoner.getPort()).isNotEqualTo(5000);
        assertThat(lab.mappedAddress(socket, A2P1)).isEqualTo(towardsPoisoner);
        assertThat(lab.mappedAddress(socket, A1P1)).isEqualTo(mapped);
    }

    @Test
    void closedInputIsNotPoisoned() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(false));
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        boolean passed = lab.passes(A2P2, mapped, socket);

        assertThat(passed).isFalse();
        assertThat(lab.mappedAddress(socket, A2P2)).isEqualTo(mapped);
    }

    @Test
    void poisonLosesItsForceAfterTheFreshLifetime() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(true));
        SimulatedSocket socket = lab.client.open(5000);
        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        lab.passes(A2P2, mapped, socket);
        lab.network.runFor(Duration.ofSeconds(31));

        assertThat(lab.mappedAddress(socket, A2P2)).isEqualTo(mapped);
    }

    @Test
    void secondHostKeepsThePortThatACollisionGaveIt() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(false));
        SimulatedSocket first = lab.client.open(5000);
        SimulatedSocket second = lab.nat.inside().host("second", "192.168.7.3").open(5000);

        InetSocketAddress mapped = lab.mappedAddress(first, A1P1);
        InetSocketAddress afterCollision = lab.mappedAddress(second, A1P1);

        assertThat(afterCollision).isNotEqualTo(mapped);
        assertThat(lab.mappedAddress(second, A2P2)).isEqualTo(afterCollision);
    }

    @Test
    void twoHostsShareAPortTowardsDifferentRemotesUntilTheyCollide() {
        NatLab lab = NatLab.with(NatBehavior.linuxMasquerade(false));
        SimulatedSocket first = lab.client.open(5000);
        SimulatedSocket second = lab.nat.inside().host("second", "192.168.7.3").open(5000);

        InetSocketAddress shared = lab.mappedAddress(first, A1P1);
        InetSocketAddress secondMapped = lab.mappedAddress(second, A2P2);
        InetSocketAddress afterCollision = lab.mappedAddress(second, A1P1);

        assertThat(secondMapped).isEqualTo(shared);
        assertThat(lab.passes(A1P1, shared, first)).isTrue();
        assertThat(lab.passes(A2P2, shared, second)).isTrue();
        assertThat(afterCollision).isNotEqualTo(shared);
        assertThat(lab.mappedAddress(second, A2P1)).isEqualTo(afterCollision);
        assertThat(lab.mappedAddress(second, A2P2)).isEqualTo(shared);
    }
}
