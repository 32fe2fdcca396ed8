package dev.culvert.bench;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.BoundUdpSocket;
import dev.culvert.server.io.ServerLoop;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP sockets of clients and peers: opened when they are first asked for, and then kept, since all servers can be
 * reached from each. Mutable, owned by the generator's thread.
 */
final class Sockets {
    /** Loopback addresses of their own leave the servers' port ranges alone. */
    static final IpAddress CLIENTS = IpAddress.parse("127.0.0.3").orElseThrow();

    static final IpAddress PEERS = IpAddress.parse("127.0.0.2").orElseThrow();

    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

    private static final int FIRST_PORT = 1024;
    private static final int MAX_PORT = 0xFFFF;

    private final ServerLoop loop;
    private final Inlets inlets;
    private final List<UdpPort> clients = new ArrayList<>();
    private final List<UdpPort> peers = new ArrayList<>();
    private int nextPort = FIRST_PORT;
    private Trains trains = Trains.NONE;

    Sockets(ServerLoop loop, Inlets inlets) {
        this.loop = loop;
        this.inlets = inlets;
    }

    UdpPort client(int index) {
        return at(clients, index, CLIENTS, clientReceiver());
    }

    private Receiver clientReceiver() {
        return new Receiver() {
            @Override
            public void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int length, SourceAddress source) {
                inlets.onMessage(port, Inlets.origin(source), bytes, offset, length);
            }
        };
    }

    /** A socket of a client that nobody had before, to be closed by the caller. */
    UdpPort freshClient() {
        return loop.start(bind(CLIENTS), clientReceiver());
    }

    UdpPort peer(int index) {
        return at(peers, index, PEERS, new Receiver() {
            @Override
            public void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int length, SourceAddress source) {
                inlets.onPayload(port, Inlets.origin(source), bytes, offset, length);
            }
        });
    }

    private UdpPort at(List<UdpPort> ports, int index, IpAddress ip, Receiver receiver) {
        while (ports.size() <= index) {
            UdpPort port = loop.start(bind(ip), receiver);
            allow(port);
            ports.add(port);
        }
        return ports.get(index);
    }

    private BoundUdpSocket bind(IpAddress ip) {
        for (int tries = FIRST_PORT; tries <= MAX_PORT; tries++) {
            int port = nextPort;
            nextPort = port == MAX_PORT ? FIRST_PORT : port + 1;
            try {
                return loop.bind(new TransportAddress(ip, port));
            } catch (BoundUdpSocket.PortTakenException e) {
                LOG.debug("{}; trying the next one", e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no UDP port is left on " + ip);
    }

    /** Lets datagrams travel so from now on. */
    void allow(Trains allowed) {
        trains = allowed;
        clients.forEach(this::allow);
        peers.forEach(this::allow);
    }

    private void allow(UdpPort port) {
        port.allowTrains(trains != Trains.NONE, trains == Trains.SENT_AND_RECEIVED);
    }

    /** Sends one datagram with the next flush. */
    void send(UdpPort port, ByteBuffer head, ByteBuffer body, TransportAddress remote) {
        port.send(head, body, remote);
    }

    /** Closes the sockets of all clients; later ones get others. */
    Future<Void> closeClients() {
        List<Future<Void>> closed = clients.stream().map(UdpPort::close).toList();
        clients.clear();
        return Future.join(closed).mapEmpty();
    }

    Future<Void> close() {
        List<Future<Void>> closed = peers.stream().map(UdpPort::close).toList();
        peers.clear();
        return Future.join(closed).compose(done -> closeClients());
    }

    private abstract static class Receiver implements UdpPort.Receiver {
        @Override
        public void onFailure(UdpPort port, Throwable cause) {
            // A server is not up yet, or gone already; a client has what it wanted.
            if (!(cause instanceof PortUnreachableException || cause instanceof ClosedChannelException)) {
                LOG.warn("{}: {}", port, cause.toString());
            }
        }
    }
}
