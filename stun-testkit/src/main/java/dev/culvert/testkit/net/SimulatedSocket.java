package dev.culvert.testkit.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A UDP socket of a {@link SimulatedHost}; keeps what it received and tells a handler, if there is one. */
public final class SimulatedSocket implements AutoCloseable {
    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final @Nullable InetAddress address;
    private final int port;
    private final List<Datagram> received = new ArrayList<>();
    private DatagramHandler handler = (local, remote, payload, nowNanos) -> {};
    private boolean closed;

    SimulatedSocket(SimulatedNetwork network, SimulatedHost host, @Nullable InetAddress address, int port) {
        this.network = network;
        this.host = host;
        this.address = address;
        this.port = port;
    }

    public SimulatedHost host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** Its address and port; of a socket on all addresses, the first address of its host. */
    public InetSocketAddress local() {
        return new InetSocketAddress(address == null ? host.address() : address, port);
    }

    /** Calls {@code newHandler} for every datagram that arrives from now on, instead of the one before. */
    public SimulatedSocket onDatagram(DatagramHandler newHandler) {
        handler = newHandler;
        return this;
    }

    /** All that arrived so far, oldest first; a live read-only view. */
    public List<Datagram> received() {
        return Collections.unmodifiableList(received);
    }

    /** Sends the remaining bytes of {@code payload}, whose position is left alone. */
    public void send(InetSocketAddress remote, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        send(remote, bytes);
    }

    /** Sends a copy of {@code payload}. */
    public void send(InetSocketAddress remote, byte[] payload) {
        send(address == null ? host.sourceFor(remote.getAddress()) : address, remote, payload);
    }

    /** Sends from a chosen address of the host: the way a server answers from the address that was asked. */
    public void send(InetAddress source, InetSocketAddress remote, byte[] payload) {
        if (closed) {
            throw new IllegalStateException("closed: port " + port + " of " + host);
        }
        if (address != null && !address.equals(source)) {
            throw new IllegalArgumentException("bound to " + address + ", not to " + source);
        }
        host.send(Datagram.of(new InetSocketAddress(source, port), remote, payload));
    }

    /** Closes it; what is on its way to it will find no socket. */
    @Override
    public void close() {
        closed = true;
        host.onClosed(this);
    }

    boolean overlaps(@Nullable InetAddress otherAddress, int otherPort) {
        return port == otherPort && (address == null || otherAddress == null || address.equals(otherAddress));
    }

    boolean accepts(InetSocketAddress destination) {
        return overlaps(destination.getAddress(), destination.getPort());
    }

    void onArrival(Datagram datagram) {
        received.add(datagram);
        handler.onDatagram(datagram.destination(), datagram.source(), datagram.payload(), network.nowNanos());
    }

    @Override
    public String toString() {
        return host + " " + Addresses.text(local());
    }
}
