package dev.culvert.testkit.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine on one or several segments, with addresses and UDP sockets; made by {@link Segment#host}. */
public final class SimulatedHost {
    private static final int FIRST_EPHEMERAL_PORT = 49_152;
    private static final int EPHEMERAL_PORTS = 16_384;

    private final SimulatedNetwork network;
    private final String name;
    private final Map<InetAddress, Segment> segments = new LinkedHashMap<>();
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private final Wire up;
    private final Wire down;

    SimulatedHost(SimulatedNetwork network, String name) {
        this.network = network;
        this.name = name;
        up = new Wire(network, name, Link.ideal());
        down = new Wire(network, name, Link.ideal());
    }

    public String name() {
        return name;
    }

    /** All its addresses, in the order in which they were given. */
    public List<InetAddress> addresses() {
        return List.copyOf(segments.keySet());
    }

    /** Its first address. */
    public InetAddress address() {
        return segments.keySet().iterator().next();
    }

    /** Its first address, with a port. */
    public InetSocketAddress endpoint(int port) {
        return new InetSocketAddress(address(), port);
    }

    /** Gives it more addresses, on the same segment or on another one (a machine with Wi-Fi and mobile data). */
    public SimulatedHost join(Segment segment, String... addresses) {
        segment.join(this, Arrays.stream(addresses).map(Addresses::address).toList());
        return this;
    }

    /** Gives its own access link these delays and faults, both ways, in addition to those of the segments. */
    public SimulatedHost link(Link link) {
        return link(link, link);
    }

    /** The same with different links for what it sends and what it receives. */
    public SimulatedHost link(Link upLink, Link downLink) {
        up.become(upLink);
        down.become(downLink);
        return this;
    }

    /** Opens a UDP socket on all addresses and a random free port from 49152 on. */
    public SimulatedSocket open() {
        return open(ephemeralPort());
    }

    /** Opens a UDP socket on all addresses. */
    public SimulatedSocket open(int port) {
        return open(null, port);
    }

    /** Opens a UDP socket on one of the addresses; port 0 means a random free one. */
    public SimulatedSocket open(InetSocketAddress local) {
        if (!segments.containsKey(local.getAddress())) {
            throw new IllegalArgumentException(name + " has no address " + local.getAddress());
        }
        return open(local.getAddress(), local.getPort() == 0 ? ephemeralPort() : local.getPort());
    }

    private SimulatedSocket open(@Nullable InetAddress address, int port) {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (sockets.stream().anyMatch(socket -> socket.overlaps(address, port))) {
            throw new IllegalStateException("port " + port + " of " + name + " is in use");
        }
        SimulatedSocket socket = new SimulatedSocket(network, this, address, port);
        sockets.add(socket);
        return socket;
    }

    private int ephemeralPort() {
        if (sockets.size() >= EPHEMERAL_PORTS) {
            throw new IllegalStateException(name + " has no free port");
        }
        while (true) {
            int port = FIRST_EPHEMERAL_PORT + network.random().nextInt(EPHEMERAL_PORTS);
            if (sockets.stream().noneMatch(socket -> socket.overlaps(null, port))) {
                return port;
            }
        }
    }

    /**
     * The address from which it sends to {@code remote} unless told otherwise: one on a segment that knows the remote,
     * else its first of that family.
     */
    public InetAddress sourceFor(InetAddress remote) {
        List<InetAddress> candidates = segments.keySet().stream()
                .filter(address -> Addresses.sameFamily(address, remote))
                .toList();
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(name + " has no address to reach " + remote.getHostAddress());
        }
        return candidates.stream()
                .filter(address -> segmentOf(address).reaches(remote))
                .findFirst()
                .orElse(candidates.get(0));
    }

    void send(Datagram datagram) {
        Segment segment = segmentOf(datagram.source().getAddress());
        network.trace().note(Trace.Outcome.SENT, name, "", datagram);
        up.carry(datagram, segment::send);
    }

    void onJoined(Segment segment, InetAddress address) {
        segments.put(address, segment);
    }

    void onArrival(Datagram datagram) {
        down.carry(datagram, this::deliver);
    }

    void onClosed(SimulatedSocket socket) {
        sockets.remove(socket);
    }

    private void deliver(Datagram datagram) {
        for (SimulatedSocket socket : sockets) {
            if (socket.accepts(datagram.destination())) {
                network.trace().note(Trace.Outcome.DELIVERED, name, "", datagram);
                socket.onArrival(datagram);
                return;
            }
        }
        network.trace().note(Trace.Outcome.DROPPED, name, "no socket", datagram);
    }

    private Segment segmentOf(InetAddress address) {
        Segment segment = segments.get(address);
        if (segment == null) {
            throw new IllegalArgumentException(name + " has no address " + address.getHostAddress());
        }
        return segment;
    }

    @Override
    public String toString() {
        return name;
    }
}
