package dev.culvert.server.io;

import dev.culvert.server.io.BoundUdpSocket.PortTakenException;
import dev.culvert.stun.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Locale;

/** UDP sockets on Netty's channels: by epoll on Linux, by NIO elsewhere. */
final class NettyUdpSockets implements UdpSockets {
    /** Netty's socket wants an address even where it takes no byte from there. */
    private static final ByteBuffer ONE_BYTE = ByteBuffer.allocateDirect(1);

    final ServerLoop loop;
    final ReceiveRing ring = new ReceiveRing();
    final SendChunks chunks = new SendChunks();
    private final EventLoops loops;

    NettyUdpSockets(ServerLoop loop, EventLoops loops) {
        this.loop = loop;
        this.loops = loops;
    }

    boolean isEpoll() {
        return loops.isEpoll();
    }

    @Override
    public BoundUdpSocket bind(TransportAddress local) throws IOException {
        return isEpoll() ? bindEpoll(local) : bindNio(local);
    }

    private static BoundUdpSocket bindEpoll(TransportAddress local) throws IOException {
        DatagramSocket socket = DatagramSocket.bind(local, false);
        return new Bound(local, socket::close) {
            @Override
            Channel toChannel() {
                return new EpollDatagramChannel(socket.intValue());
            }

            @Override
            public void send(InetSocketAddress recipient) throws IOException {
                socket.sendTo(ONE_BYTE, 0, 0, recipient.getAddress(), recipient.getPort());
            }
        };
    }

    private static BoundUdpSocket bindNio(TransportAddress local) throws IOException {
        ProtocolFamily family = local.ip().isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            channel.bind(local.toInetSocketAddress());
        } catch (BindException e) {
            channel.close();
            // The JDK has no other way to say it.
            boolean inUse =
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("in use");
            throw inUse ? new PortTakenException(local, e) : e;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Bound(local, channel::close) {
            @Override
            Channel toChannel() {
                return new NioDatagramChannel(channel);
            }

            @Override
            public void send(InetSocketAddress recipient) throws IOException {
                channel.send(ByteBuffer.allocate(0), recipient);
            }
        };
    }

    @Override
    public Future<UdpPort> listen(TransportAddress local, UdpPort.Receiver receiver) {
        NettyUdpPort port = new NettyUdpPort(this, local, UdpRole.LISTENER, EmptySender.NONE, receiver);
        return loops.bindDatagrams(loop.context(), local, port).map(port);
    }

    private UdpPort start(Bound socket, UdpPort.Receiver receiver) {
        NettyUdpPort port = new NettyUdpPort(this, socket.local(), UdpRole.RELAY, socket, receiver);
        loops.register(loop.context(), socket.toChannel(), port);
        return port;
    }

    @Override
    public boolean canForbidFragments() {
        return isEpoll();
    }

    @Override
    public String name() {
        return loops.transportName();
    }

    @Override
    public void release() {
        ring.release();
        chunks.release();
    }

    /** A socket as the event loops' transport wants it. */
    private abstract static class Bound extends BoundUdpSocket implements EmptySender {
        private final Closing closing;

        /** Gives the port back. */
        @FunctionalInterface
        private interface Closing {
            void close() throws IOException;
        }

        Bound(TransportAddress local, Closing closing) {
            super(local);
            this.closing = closing;
        }

        /** A channel around it, which from now on is what is closed. */
        abstract Channel toChannel();

        @Override
        UdpPort start(ServerLoop on, UdpPort.Receiver receiver) {
            return ((NettyUdpSockets) on.udp()).start(this, receiver);
        }

        @Override
        public void close() {
            try {
                closing.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
