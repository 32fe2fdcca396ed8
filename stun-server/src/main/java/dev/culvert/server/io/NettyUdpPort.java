package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP port on a Netty channel: on the way out trains of equal datagrams to one destination, each train one trip through
 * the network stack (GSO). Mutable, owned by its event loop's thread.
 */
final class NettyUdpPort extends ChannelInboundHandlerAdapter implements UdpPort, Outbox.Sender {
    private static final int MAX_QUEUED_BYTES = 1 << 20;

    /** Of {@code ip(7)}: whether Linux sets the DF bit. */
    private static final IntegerUnixChannelOption IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

    private static final int IP_PMTUDISC_DONT = 0;
    private static final int IP_PMTUDISC_DO = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TransportAddress local;
    private final Receiver receiver;
    private final NettyUdpSockets sockets;
    private final UdpRole role;
    private final EmptySender empties;

    private final SourceAddress source = new SourceAddress();
    private @Nullable ChannelHandlerContext channel;
    private boolean segmentation;
    private @Nullable InetSocketAddress lastSender;
    private @Nullable TransportAddress lastRemote;

    /** Datagrams on their way out; what stands behind {@link #trainStart} is not yet written to the channel. */
    private @Nullable ByteBuf chunk;

    private int trainStart;
    private int segmentBytes;
    private @Nullable TransportAddress trainRemote;

    /** Whether there are trains among the datagrams of this flush. */
    private boolean trainsWritten;

    NettyUdpPort(
            NettyUdpSockets sockets, TransportAddress local, UdpRole role, EmptySender empties, Receiver receiver) {
        this.sockets = sockets;
        this.local = local;
        this.role = role;
        this.empties = empties;
        this.receiver = receiver;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        channel = added;
        var config = added.channel().config();
        config.setOption(ChannelOption.SO_RCVBUF, role.socketBufferBytes);
        config.setOption(ChannelOption.SO_SNDBUF, role.socketBufferBytes);
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(MAX_QUEUED_BYTES / 2, MAX_QUEUED_BYTES));
        if (!sockets.isEpoll()) {
            config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ReceiveRing.SLOT_BYTES));
            return;
        }
        forbidFragments(false);
        allowTrains(true, false);
        if (role == UdpRole.RELAY) {
            config.setRecvByteBufAllocator(sockets.ring.singles());
            return;
        }
        config.setRecvByteBufAllocator(sockets.ring.batches());
        config.setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, ReceiveRing.SLOT_BYTES);
    }

    /** RFC 8656 §14, alternate behavior: the DF bit is 0 unless a Send indication asks for it. */
    private void forbidFragments(boolean forbid) {
        if (local.ip().isIpv4()) {
            context().channel().config().setOption(IP_MTU_DISCOVER, forbid ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
        }
    }

    @Override
    public TransportAddress local() {
        return local;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            ByteBuffer bytes = packet.content().nioBuffer();
            sockets.loop.read();
            source.set(remoteOf(packet.sender()));
            receiver.onDatagram(this, bytes, bytes.position(), bytes.remaining(), source);
        } catch (RuntimeException e) {
            // Whatever a datagram made go wrong must not end the listener.
            receiver.onFailure(this, e);
        } finally {
            packet.release();
        }
    }

    /** The same object while one flow goes on, so that nothing is made and trains are found by identity. */
    private TransportAddress remoteOf(InetSocketAddress sender) {
        TransportAddress known = lastRemote;
        if (known != null && sender.equals(lastSender)) {
            return known;
        }
        TransportAddress remote = TransportAddress.of(sender);
        lastSender = sender;
        lastRemote = remote;
        return remote;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        sockets.loop.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        segmentation &= !(trainsWritten && Segmentation.isFaultOf(cause));
        receiver.onFailure(this, cause);
    }

    @Override
    public void send(ByteBuffer head, ByteBuffer body, TransportAddress remote) {
        enqueue(head, body, 0, remote);
    }

    @Override
    public void relay(ByteBuffer head, ByteBuffer body, int paddingBytes, TransportAddress remote) {
        enqueue(head, body, paddingBytes, remote);
    }

    private void enqueue(ByteBuffer head, ByteBuffer body, int paddingBytes, TransportAddress remote) {
        int length = head.remaining() + body.remaining() + paddingBytes;
        ByteBuf out = chunk;
        if (length == 0) {
            sendEmpty(remote);
            return;
        }
        if (out == null || !joinsTrain(out, length, remote)) {
            writeTrain();
            out = chunkWithRoom(length);
            trainStart = out.writerIndex();
            trainRemote = remote;
            segmentBytes = length;
        }
        out.writeBytes(head).writeBytes(body).writeZero(paddingBytes);
    }

    private void sendEmpty(TransportAddress remote) {
        // What is queued before it leaves before it.
        flush();
        try {
            // The descriptor of a closed channel may be somebody else's by now.
            if (context().channel().isOpen()) {
                empties.send(recipientOf(remote));
            }
        } catch (IOException e) {
            receiver.onFailure(this, e);
        }
    }

    @Override
    public void sendUnfragmented(ByteBuffer datagram, TransportAddress remote) {
        if (!sockets.canForbidFragments()) {
            throw new IllegalStateException("no DF bit on " + sockets.name());
        }
        flush();
        forbidFragments(true);
        try {
            send(datagram, NOTHING, remote);
            flush();
        } finally {
            forbidFragments(false);
        }
    }

    private boolean joinsTrain(ByteBuf out, int length, TransportAddress remote) {
        int trainBytes = out.writerIndex() - trainStart;
        return segmentation
                && length == segmentBytes
                && length <= Segmentation.MAX_SEGMENT_BYTES
                && length <= out.writableBytes()
                && trainBytes + length <= Segmentation.MAX_TRAIN_BYTES
                && trainBytes < length * Segmentation.MAX_SEGMENTS
                && remote.equals(trainRemote);
    }

    private ByteBuf chunkWithRoom(int length) {
        ByteBuf current = chunk;
        if (current != null && current.writableBytes() >= length) {
            return current;
        }
        if (current == null) {
            sockets.loop.outbox().add(this);
        } else {
            sockets.chunks.giveBack(current);
        }
        ByteBuf next = sockets.chunks.take();
        chunk = next;
        return next;
    }

    private void writeTrain() {
        TransportAddress remote = trainRemote;
        ByteBuf out = chunk;
        if (remote == null || out == null) {
            return;
        }
        trainRemote = null;
        int trainBytes = out.writerIndex() - trainStart;
        ChannelHandlerContext context = context();
        if (!context.channel().isWritable()) {
            receiver.onFailure(this, new SendQueueFull(local));
            return;
        }
        InetSocketAddress recipient = recipientOf(remote);
        ByteBuf train = out.retainedSlice(trainStart, trainBytes);
        if (trainBytes == segmentBytes) {
            context.write(new DatagramPacket(train, recipient), context.voidPromise());
            return;
        }
        trainsWritten = true;
        context.write(new SegmentedDatagramPacket(train, segmentBytes, recipient), context.voidPromise());
    }

    @SuppressWarnings("ReferenceEquality") // found by identity: see remoteOf
    private InetSocketAddress recipientOf(TransportAddress remote) {
        InetSocketAddress sender = lastSender;
        return sender != null && remote == lastRemote ? sender : remote.toInetSocketAddress();
    }

    @Override
    public void flush() {
        ByteBuf written = chunk;
        if (written == null) {
            return;
        }
        try {
            writeTrain();
            context().flush();
        } finally {
            trainsWritten = false;
            chunk = null;
            sockets.chunks.giveBack(written);
        }
    }

    @Override
    public void allowTrains(boolean outgoing, boolean incoming) {
        segmentation = outgoing && sockets.isEpoll() && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    @Override
    public Future<Void> close() {
        flush();
        Promise<Void> closed = Promise.promise();
        context().close().addListener(future -> closed.complete());
        return closed.future();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ByteBuf left = chunk;
        chunk = null;
        trainRemote = null;
        if (left != null) {
            sockets.chunks.giveBack(left);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext opened = channel;
        if (opened == null) {
            throw new IllegalStateException("the port is not open");
        }
        return opened;
    }

    @Override
    public String toString() {
        return "udp " + local;
    }
}
