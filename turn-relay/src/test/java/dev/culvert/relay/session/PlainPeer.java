package dev.culvert.relay.session;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A peer without TURN, which knows its address from a STUN server. */
final class PlainPeer {
    private final SimulatedNetwork network;
    private final SimulatedSocket socket;
    private final Traffic traffic;
    private final List<TransportAddress> reflexive = new ArrayList<>();

    PlainPeer(SimulatedNetwork network, SimulatedHost host, Traffic traffic) {
        this.network = network;
        this.traffic = traffic;
        socket = host.open().onDatagram(this::onDatagram);
    }

    /** Its address as {@code server} sees it. */
    TransportAddress reflexiveAddress(TransportAddress server) {
        ByteBuffer request = ByteBuffer.allocate(StunMessage.HEADER_LENGTH);
        new StunWriter()
                .begin(request, MessageClass.REQUEST, StunMethod.BINDING, TransactionId.random(network.random()));
        socket.send(server.toInetSocketAddress(), request.array());
        if (!network.runUntil(() -> !reflexive.isEmpty(), Duration.ofSeconds(1))) {
            throw new AssertionError("no answer from " + server + ":\n" + network.trace());
        }
        return reflexive.get(0);
    }

    boolean send(TransportAddress to, ByteBuffer payload) {
        socket.send(to.toInetSocketAddress(), payload);
        return true;
    }

    private void onDatagram(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload, long nowNanos) {
        StunMessage message = new StunMessage();
        if (message.wrap(payload) == Malformation.NONE) {
            reflexive.add(message.get(XorMappedAddress.TYPE).orElseThrow().address());
            return;
        }
        traffic.onArrival(this, TransportAddress.of(remote), payload, 0, payload.remaining());
    }

    @Override
    public String toString() {
        return "peer on " + socket;
    }
}
