package dev.culvert.testkit.nat;

import static dev.culvert.testkit.nat.NatLab.A1P1;
import static dev.culvert.testkit.nat.NatLab.A1P2;
import static dev.culvert.testkit.nat.NatLab.A2P1;
import static dev.culvert.testkit.nat.NatLab.A2P2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.net.Addresses;
import dev.culvert.testkit.net.Datagram;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class NatTopologyTest {
    @Test
    void firewallKeepsAddressesAndStopsStrangers() {
        NatLab lab = new NatLab(NatBehavior.firewallOnly());
        SimulatedSocket socket = lab.client.open(5000);

        boolean beforeSending = lab.passes(A1P1, socket.local(), socket);
        InetSocketAddress seen = lab.mappedAddress(socket, A1P1);

        assertThat(beforeSending).isFalse();
        assertThat(seen).isEqualTo(socket.local());
        assertThat(lab.passes(A1P1, seen, socket)).isTrue();
        assertThat(lab.passes(A1P2, seen, socket)).isFalse();
    }

    @Test
    void ipv6PassesAnIpv4NatUntranslatedButFiltered() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        SimulatedSocket server =
                network.internet().host("server", "192.0.2.1", "2001:db8::1").open(3478);
        SimulatedNat nat = SimulatedNat.on(network.internet(), NatBehavior.symmetricRandom(), "203.0.113.10");
        SimulatedHost client = nat.inside().host("client", "192.168.7.2", "2001:db8:7::2");
        SimulatedSocket socket = client.open(5000);
        InetSocketAddress clientV6 = Addresses.endpoint("[2001:db8:7::2]:5000");

        server.send(clientV6, new byte[] {1});
        network.runUntilIdle();
        int unsolicited = socket.received().size();
        socket.send(Addresses.endpoint("[2001:db8::1]:3478"), new byte[] {2});
        socket.send(Addresses.endpoint("192.0.2.1:3478"), new byte[] {3});
        network.runUntilIdle();
        server.send(clientV6, new byte[] {4});
        network.runUntilIdle();

        assertThat(unsolicited).isZero();
        assertThat(server.received()).extracting(Datagram::source).contains(clientV6);
        assertThat(server.received().get(1).source().getAddress()).isEqualTo(Addresses.address("203.0.113.10"));
        assertThat(socket.received()).hasSize(1);
    }

    @Test
    void ipv6IsTranslatedWhereTheNatHasAnIpv6Address() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        SimulatedSocket server =
                network.internet().host("server", "2001:db8::1").open(3478);
        SimulatedNat nat = SimulatedNat.on(network.internet(), NatBehavior.fullCone(), "2001:db8:ff::1");
        SimulatedSocket socket = nat.inside().host("client", "fd00::2").open(5000);

        socket.send(server.local(), new byte[1]);
        network.runUntilIdle();

        assertThat(server.received())
                .extracting(Datagram::source)
                .containsExactly(Addresses.endpoint("[2001:db8:ff::1]:5000"));
    }

    @Test
    void doubleNatActsAsTheStricterOfBoth() {
        NatLab lab = NatLab.with(NatBehavior.fullCone());
        SimulatedNat home = SimulatedNat.on(lab.nat.inside(), NatBehavior.portRestrictedCone(), "192.168.7.100");
        SimulatedSocket socket = home.inside().host("deep", "10.0.0.2").open(5000);

        InetSocketAddress mapped = lab.mappedAddress(socket, A1P1);

        assertThat(mapped.getAddress()).isEqualTo(Addresses.address("203.0.113.10"));
        assertThat(lab.mappedAddress(socket, A2P2)).isEqualTo(mapped);
        assertThat(lab.passes(A1P1, mapped, socket)).isTrue();
        assertThat(lab.passes(A2P1, mapped, socket)).isFalse();
    }

    @Test
    void outerHairpinConnectsHostsBehindDifferentInnerNats() {
        NatLab lab = NatLab.with(NatBehavior.fullCone().with(Hairpinning.EXTERNAL_SOURCE));
        SimulatedNat homeA = SimulatedNat.on(lab.nat.inside(), NatBehavior.fullCone(), "192.168.7.100");
        SimulatedNat homeB = SimulatedNat.on(lab.nat.inside(), NatBehavior.fullCone(), "192.168.7.101");
        SimulatedSocket a = homeA.inside().host("a", "10.0.0.2").open(5000);
        SimulatedSocket b = homeB.inside().host("b", "10.0.0.2").open(6000);
        InetSocketAddress mappedA = lab.mappedAddress(a, A1P1);
        InetSocketAddress mappedB = lab.mappedAddress(b, A1P1);

        a.send(mappedB, new byte[1]);
        lab.network.runUntilIdle();

        assertThat(b.received()).extracting(Datagram::source).containsExactly(mappedA);
    }
}
