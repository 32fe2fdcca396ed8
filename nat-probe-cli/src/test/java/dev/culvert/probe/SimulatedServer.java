package dev.culvert.probe;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.Quartet;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Our STUN server on a host of the simulated network, with two addresses and two ports. */
final class SimulatedServer {
    static final int PORT = 3478;
    static final int ALTERNATE_PORT = 3479;

    private final BindingResponder responder;
    private final SimulatedSocket primaryPort;
    private final SimulatedSocket alternatePort;

    private SimulatedServer(SimulatedHost host, BindingResponder responder) {
        this.responder = responder;
        primaryPort = host.open(PORT).onDatagram(this::onDatagram);
        alternatePort = host.open(ALTERNATE_PORT).onDatagram(this::onDatagram);
    }

    /** Puts a server on the Internet; returns the address where it is asked first. */
    static TransportAddress start(SimulatedNetwork network, String address, String alternate, boolean receipts) {
        SimulatedHost host = network.internet().host("server " + address, address, alternate);
        TransportAddress primary = TransportAddress.of(new InetSocketAddress(host.address(), PORT));
        TransportAddress other =
                TransportAddress.of(new InetSocketAddress(host.addresses().get(1), ALTERNATE_PORT));
        SourceRateLimiter limiter = SourceRateLimiter.of(50, 100, 0x5EED, network.nowNanos());
        List<Quartet> quartets = List.of(new Quartet(primary, other, 1500));
        new SimulatedServer(host, new BindingResponder(quartets, receipts, limiter, new Counters<>(Counter.class)));
        return primary;
    }

    private void onDatagram(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload, long nowNanos) {
        FiveTuple flow = new FiveTuple(Transport.UDP, TransportAddress.of(local), TransportAddress.of(remote));
        responder.onBytes(flow, payload, 0, payload.remaining(), nowNanos, this::send);
    }

    private void send(ByteBuffer message, TransportAddress local, TransportAddress remote) {
        SimulatedSocket socket = local.port() == PORT ? primaryPort : alternatePort;
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        socket.send(local.ip().toInetAddress(), remote.toInetSocketAddress(), bytes);
    }
}
