package dev.culvert.bench;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server for its Binding answer from several sockets at once, with a window of requests outstanding on each, and
 * verifies every answer: known transaction, success, and the socket's own address in XOR-MAPPED-ADDRESS.
 */
final class BindingLoad implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 512;
    private static final Duration LOST_AFTER = Duration.ofMillis(200);

    private final IoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Client> clients = new ArrayList<>();

    /** What happened so far, summed over all sockets. */
    record Count(long answers, long wrong, long lost) {
        Count since(Count earlier) {
            return new Count(answers - earlier.answers, wrong - earlier.wrong, lost - earlier.lost);
        }
    }

    /** Starts to ask {@code server} at once. */
    BindingLoad(InetSocketAddress server, int sockets, int window) {
        for (int i = 0; i < sockets; i++) {
            Client client = new Client(i, server, window);
            clients.add(client);
            new Bootstrap()
                    .group(loop)
                    .channel(EpollDatagramChannel.class)
                    .option(ChannelOption.SO_RCVBUF, 4 << 20)
                    .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_ANSWER_BYTES)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_ANSWER_BYTES * 16))
                    .handler(client)
                    .connect(server)
                    .syncUninterruptibly();
        }
    }

    Count count() {
        long answers = 0;
        long wrong = 0;
        long lost = 0;
        for (Client client : clients) {
            answers += client.answers;
            wrong += client.wrong;
            lost += client.lost;
        }
        return new Count(answers, wrong, lost);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One socket. Written by the event loop alone; its counters are read by the measuring thread. */
    private static final class Client extends SimpleChannelInboundHandler<DatagramPacket> {
        private final StunMessage answer = new StunMessage();
        private final StunWriter writer = new StunWriter();
        private final InetSocketAddress server;
        private final long idHigh;

        /** The sequence number outstanding in each place of the window, and when it was sent. */
        private final long[] outstanding;

        private final long[] sentNanos;
        private @Nullable XorMappedAddress own;

        private volatile long answers;
        private volatile long wrong;
        private volatile long lost;

        Client(int number, InetSocketAddress server, int window) {
            this.server = server;
            this.idHigh = (long) TransactionId.MAGIC_COOKIE << 32 | number;
            this.outstanding = new long[window];
            this.sentNanos = new long[window];
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            own = new XorMappedAddress(
                    TransportAddress.of((InetSocketAddress) context.channel().localAddress()));
            for (int place = 0; place < outstanding.length; place++) {
                outstanding[place] = place;
                send(context.channel(), place);
            }
            context.flush();
            context.executor().scheduleAtFixedRate(() -> sendAgain(context), 50, 50, TimeUnit.MILLISECONDS);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf content = packet.content();
            ByteBuffer bytes = content.nioBuffer();
            long sequence = bytes.remaining() >= StunMessage.HEADER_LENGTH ? bytes.getLong(bytes.position() + 12) : -1;
            int place = (int) Long.remainderUnsigned(sequence, outstanding.length);
            if (outstanding[place] != sequence) {
                return; // the answer to a request that was sent again
            }
            if (isRight(bytes)) {
                answers++;
            } else {
                wrong++;
            }
            outstanding[place] += outstanding.length;
            send(context.channel(), place);
        }

        private boolean isRight(ByteBuffer bytes) {
            return answer.wrap(bytes) == Malformation.NONE
                    && answer.is(MessageClass.SUCCESS_RESPONSE, StunMethod.BINDING)
                    && answer.get(XorMappedAddress.TYPE)
                            .filter(address -> address.equals(own))
                            .isPresent();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof PortUnreachableException)) { // the server is not up yet
                context.fireExceptionCaught(cause);
            }
        }

        private void send(Channel channel, int place) {
            sentNanos[place] = System.nanoTime();
            ByteBuf request = channel.alloc().directBuffer(StunMessage.HEADER_LENGTH);
            ByteBuffer bytes = request.nioBuffer(0, StunMessage.HEADER_LENGTH);
            writer.begin(
                    bytes, MessageClass.REQUEST, StunMethod.BINDING, new TransactionId(idHigh, outstanding[place]));
            request.writerIndex(StunMessage.HEADER_LENGTH);
            channel.write(new DatagramPacket(request, server), channel.voidPromise());
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        private void sendAgain(ChannelHandlerContext context) {
            long now = System.nanoTime();
            for (int place = 0; place < outstanding.length; place++) {
                if (now - sentNanos[place] > LOST_AFTER.toNanos()) {
                    lost++;
                    send(context.channel(), place);
                }
            }
            context.flush();
        }
    }
}
