package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import io.netty.channel.IoEventLoop;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The UDP sockets of one event loop of Linux. All that are ready are read, many datagrams a system call; then what goes out
 * leaves in trains from where it was received. Mutable, owned by that loop's thread.
 */
final class LinuxUdpSockets implements UdpSockets, Outbox.Sender {
    private final ServerLoop loop;
    private final IoEventLoop events;
    private final UdpChoice choice;
    private final Libc libc = new Libc();
    private final ReceivedBatch received = new ReceivedBatch(libc);
    private final SendBatch outgoing = new SendBatch(received.bytes());
    private final ErrorQueue errors = new ErrorQueue(libc);
    private final Transmission transmission = new Transmission(libc, outgoing);
    private final Runnable endOfRound = this::endRound;

    /** Those with something to send, in the order of their first datagram. */
    private final List<LinuxUdpPort> sending = new ArrayList<>();

    private boolean endOfRoundAwaited;
    private long round;
    private int receivedFields = HeaderFields.DEFAULT;

    LinuxUdpSockets(ServerLoop loop, IoEventLoop events, UdpChoice choice) {
        this.choice = choice;
        this.loop = loop;
        this.events = events;
    }

    @Override
    public BoundUdpSocket bind(TransportAddress local) throws IOException {
        return new Bound(local, DatagramSocket.bind(local, false));
    }

    @Override
    public Future<UdpPort> listen(TransportAddress local, UdpPort.Receiver receiver) {
        try {
            return Future.succeededFuture(start(DatagramSocket.bind(local, true), local, UdpRole.LISTENER, receiver));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private UdpPort start(DatagramSocket socket, TransportAddress local, UdpRole role, UdpPort.Receiver receiver)
            throws IOException {
        LinuxUdpPort port = new LinuxUdpPort(this, socket, local, receiver);
        try {
            socket.setReceiveBufferSize(role.socketBufferBytes);
            socket.setSendBufferSize(role.socketBufferBytes);
            HeaderFields.request(socket, local.ip().isIpv4());
            port.allowTrains(true, choice.receivesTrains());
            Fragmentation.allow(socket, local.ip().isIpv4());
            if (role == UdpRole.RELAY) {
                port.hearErrors();
            }
            port.start(events);
            return port;
        } catch (IOException e) {
            port.close();
            throw e;
        }
    }

    ErrorQueue errors() {
        return errors;
    }

    /** The memory to receive into, with room for at least one message. */
    ReceivedBatch roomToReceive() {
        if (received.isFull()) {
            loop.flush();
            received.restart();
        }
        return received;
    }

    /** What is about to be sent, with room for one more datagram. */
    SendBatch roomToSend(ByteBuffer head, ByteBuffer body) {
        if (!outgoing.hasRoom(head.remaining() + (outgoing.isReceived(body) ? 0 : body.remaining()))) {
            flush();
        }
        return outgoing;
    }

    /** Remembers {@code port}, which has something to send. */
    void sends(LinuxUdpPort port) {
        if (sending.isEmpty()) {
            loop.outbox().add(this);
        }
        sending.add(port);
    }

    @Override
    public void flush() {
        for (int i = 0; i < sending.size(); i++) {
            sending.get(i).transmit(transmission);
        }
        sending.clear();
        outgoing.clear();
    }

    /** Something was read; all leaves when the sockets that are ready now have been, and nothing waits for more to come. */
    void read() {
        loop.read();
        if (!endOfRoundAwaited) {
            endOfRoundAwaited = true;
            events.execute(endOfRound);
        }
    }

    private void endRound() {
        endOfRoundAwaited = false;
        round++;
        loop.flush();
        received.restart();
    }

    /** Takes the header fields of the datagrams that are handed on now. */
    void receives(int headerFields) {
        receivedFields = headerFields;
    }

    /** The {@link HeaderFields} of the datagram that is being received, or the default ones. */
    int receivedFields() {
        return receivedFields;
    }

    /** Counts the rounds in which something was received. */
    long round() {
        return round;
    }

    @Override
    public boolean canForbidFragments() {
        return true;
    }

    @Override
    public String name() {
        return "epoll with recvmmsg and sendmmsg";
    }

    @Override
    public void release() {
        // The memory is that of buffers, which go with this object.
    }

    /** A socket that nobody reads from yet. */
    private static final class Bound extends BoundUdpSocket {
        private final DatagramSocket socket;

        Bound(TransportAddress local, DatagramSocket socket) {
            super(local);
            this.socket = socket;
        }

        @Override
        UdpPort start(ServerLoop on, UdpPort.Receiver receiver) {
            try {
                return ((LinuxUdpSockets) on.udp()).start(socket, local(), UdpRole.RELAY, receiver);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
