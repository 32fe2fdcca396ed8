package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.SendBatch.Train;
import dev.culvert.stun.TransportAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A UDP port that reads and writes many datagrams a system call. Mutable, owned by its event loop's thread. */
final class LinuxUdpPort implements UdpPort {
    private static final int SOL_UDP = 17;
    private static final int UDP_GRO = 104;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How many datagrams a port asks for at first, and when it had few. */
    private static final int FEW = 1;

    private static final int GROWTH = 4;

    private final LinuxUdpSockets sockets;
    private final DatagramSocket socket;
    private final int descriptor;
    private final TransportAddress local;
    private final Receiver receiver;
    private final SourceAddress source = new SourceAddress();

    private @Nullable IoRegistration registration;
    private boolean closed;
    private boolean canSegment = true;
    private boolean hearsErrors;
    private int lastSendError;

    /** How many messages to ask for, and in which round all of them came. */
    private int expected = FEW;

    private long fullRound = -1;

    /** What this port has in the present batch. */
    private @Nullable Train firstTrain;

    private @Nullable Train lastTrain;

    LinuxUdpPort(LinuxUdpSockets sockets, DatagramSocket socket, TransportAddress local, Receiver receiver) {
        this.sockets = sockets;
        this.socket = socket;
        this.descriptor = socket.intValue();
        this.local = local;
        this.receiver = receiver;
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public TransportAddress local() {
        return local;
    }

    /** Begins to read, with its registration at the event loop. */
    void start(IoEventLoop events) throws IOException {
        io.netty.util.concurrent.Future<IoRegistration> registered = events.register(new Readiness());
        IoRegistration now = registered.getNow();
        if (now == null) {
            throw new IOException("epoll refuses " + this, registered.cause());
        }
        registration = now;
        now.submit(EpollIoOps.EPOLLIN);
    }

    /** Hears of ICMP from now on. */
    void hearErrors() throws IOException {
        ErrorQueue.request(socket, local.ip().isIpv4());
        hearsErrors = true;
    }

    /** Whether {@code error} may be that of a datagram that left earlier, which a system call told and forgot. */
    boolean isOfEarlier(int error) {
        return hearsErrors && error != Libc.EAGAIN && error != Libc.EINTR;
    }

    /** What the event loop calls. */
    private final class Readiness implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration registered, IoEvent event) {
            if (closed) {
                return;
            }
            if (hearsErrors && ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
                readErrors(null);
            }
            if (!closed) {
                receive();
            }
        }

        /** The event loop ends. */
        @Override
        public void close() {
            LinuxUdpPort.this.close();
        }
    }

    /** Reads once: whoever has more waits until the others have had their turn. */
    private void receive() {
        ReceivedBatch batch = sockets.roomToReceive();
        int asked = batch.most(expected);
        int received = batch.receive(descriptor, asked);
        if (received < 0 && isOfEarlier(-received)) {
            received = batch.receive(descriptor, asked);
        }
        if (received < 0) {
            if (received != -Libc.EAGAIN && received != -Libc.EINTR && !hearsErrors) {
                receiver.onFailure(this, failure("recvmmsg", -received));
            }
            return;
        }
        expect(asked, received);
        sockets.read();
        for (int i = 0; i < received; i++) {
            deliver(batch, i);
        }
    }

    /**
     * Reads a few errors.
     *
     * @param unfragmented where the datagram went that this machine itself may have found too long
     */
    private void readErrors(@Nullable TransportAddress unfragmented) {
        if (sockets.errors().handOn(this, receiver, unfragmented) > 0) {
            sockets.read();
        }
    }

    /** A call for more than there is costs a little, and so does one for less: what comes in a row is asked for at once. */
    private void expect(int asked, int received) {
        if (received == asked) {
            boolean isInARow = fullRound == sockets.round() - 1;
            fullRound = sockets.round();
            expected = isInARow || received > 1 ? Math.min(expected * GROWTH, ReceivedBatch.SLOTS) : expected;
            return;
        }
        expected = received == 1 ? FEW : expected;
    }

    private void deliver(ReceivedBatch batch, int index) {
        batch.readSource(index, source);
        int offset = batch.offset(index);
        int left = batch.lengthBytes(index);
        batch.readControl(index);
        int segment = batch.segmentBytes();
        sockets.receives(batch.headerFields());
        do {
            int length = Math.min(segment, left);
            deliver(batch.bytes(), offset, length);
            offset += length;
            left -= length;
        } while (left > 0);
        sockets.receives(HeaderFields.DEFAULT);
    }

    private void deliver(ByteBuffer bytes, int offset, int lengthBytes) {
        try {
            receiver.onDatagram(this, bytes, offset, lengthBytes, source);
        } catch (RuntimeException e) {
            // Whatever a datagram made go wrong must not end the port, nor cost the datagrams behind it.
            bytes.clear();
            receiver.onFailure(this, e);
        }
    }

    @Override
    public void send(ByteBuffer head, ByteBuffer body, TransportAddress remote) {
        if (!closed) {
            sockets.roomToSend(head, body).add(this, head, body, 0, HeaderFields.DEFAULT, remote);
        }
    }

    @Override
    public void relay(ByteBuffer head, ByteBuffer body, int paddingBytes, TransportAddress remote) {
        int fields = sockets.receivedFields();
        if (closed || HeaderFields.isExhausted(fields)) {
            return;
        }
        int relayed = HeaderFields.relayed(fields, remote.ip().isIpv4());
        sockets.roomToSend(head, body).add(this, head, body, paddingBytes, relayed, remote);
    }

    @Override
    public void sendUnfragmented(ByteBuffer datagram, TransportAddress remote) {
        if (closed) {
            return;
        }
        sockets.flush();
        try {
            Fragmentation.forbid(socket, local.ip().isIpv4());
            lastSendError = 0;
            send(NOTHING, datagram, remote);
            sockets.flush();
            Fragmentation.allowAgain(socket, local.ip().isIpv4());
            if (lastSendError == Libc.EMSGSIZE) {
                readErrors(remote);
            }
        } catch (IOException e) {
            receiver.onFailure(this, e);
        }
    }

    @Override
    public void allowTrains(boolean outgoing, boolean incoming) {
        canSegment = outgoing && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        try {
            socket.setIntOpt(SOL_UDP, UDP_GRO, incoming ? 1 : 0);
        } catch (IOException e) {
            receiver.onFailure(this, e);
        }
    }

    boolean canSegment() {
        return canSegment;
    }

    void forbidSegments() {
        canSegment = false;
    }

    /** Takes {@code train} behind what it has in this batch. */
    void append(Train train) {
        if (lastTrain == null) {
            firstTrain = train;
            sockets.sends(this);
        } else {
            lastTrain.setNextOfPort(train);
        }
        lastTrain = train;
    }

    /** Sends what it has in this batch. */
    void transmit(Transmission transmission) {
        Train first = firstTrain;
        firstTrain = null;
        lastTrain = null;
        transmission.send(this, first);
    }

    void onSendFailure(int error) {
        lastSendError = error;
        receiver.onFailure(this, failure("sendmmsg", error));
    }

    private static IOException failure(String call, int error) {
        return new NativeIoException(call, -error, false);
    }

    @Override
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        if (closed) {
            done.complete();
            return done.future();
        }
        sockets.flush();
        closed = true;
        if (registration != null) {
            registration.cancel();
        }
        try {
            socket.close();
            done.complete();
        } catch (IOException e) {
            done.fail(e);
        }
        return done.future();
    }

    @Override
    public String toString() {
        return "udp " + local;
    }
}
