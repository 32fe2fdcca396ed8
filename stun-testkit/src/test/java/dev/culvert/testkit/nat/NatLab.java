package dev.culvert.testkit.nat;

import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.net.Addresses;
import dev.culvert.testkit.net.Datagram;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A client behind a NAT, and a server with two addresses and two ports outside. */
final class NatLab {
    static final InetSocketAddress A1P1 = Addresses.endpoint("192.0.2.1:3478");
    static final InetSocketAddress A1P2 = Addresses.endpoint("192.0.2.1:3479");
    static final InetSocketAddress A2P1 = Addresses.endpoint("192.0.2.2:3478");
    static final InetSocketAddress A2P2 = Addresses.endpoint("192.0.2.2:3479");

    final SimulatedNetwork network;
    final SimulatedNat nat;
    final SimulatedHost client;
    private final SimulatedSocket port1;
    private final SimulatedSocket port2;

    NatLab(NatBehavior behavior, String... publicAddresses) {
        this(Long.MIN_VALUE, behavior, publicAddresses);
    }

    NatLab(long startNanos, NatBehavior behavior, String... publicAddresses) {
        network = new SimulatedNetwork(11, VirtualClock.startingAt(startNanos));
        SimulatedHost server = network.internet().host("server", "192.0.2.1", "192.0.2.2");
        port1 = server.open(3478);
        port2 = server.open(3479);
        nat = SimulatedNat.on(network.internet(), behavior, publicAddresses);
        client = nat.inside().host("client", "192.168.7.2");
    }

    static NatLab with(NatBehavior behavior) {
        return new NatLab(behavior, "203.0.113.10");
    }

    /** The source that the server sees when {@code socket} sends to one of its endpoints. */
    InetSocketAddress mappedAddress(SimulatedSocket socket, InetSocketAddress server) {
        SimulatedSocket listener = at(server);
        int before = listener.received().size();
        socket.send(server, new byte[] {1});
        network.runFor(Duration.ofMillis(50));
        List<Datagram> received = listener.received();
        if (received.size() == before) {
            throw new AssertionError("nothing arrived:\n" + network.trace());
        }
        return received.get(received.size() - 1).source();
    }

    /** Whether a datagram from that endpoint of the server to {@code mapped} arrives at {@code socket}. */
    boolean passes(InetSocketAddress server, InetSocketAddress mapped, SimulatedSocket socket) {
        int before = socket.received().size();
        at(server).send(server.getAddress(), mapped, new byte[] {2});
        network.runFor(Duration.ofMillis(50));
        return socket.received().size() > before;
    }

    private SimulatedSocket at(InetSocketAddress server) {
        return server.getPort() == 3478 ? port1 : port2;
    }
}
