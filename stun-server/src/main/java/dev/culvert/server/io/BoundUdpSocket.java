package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Locale;

/**
 * A UDP socket that is bound and that nobody reads from yet: whatever arrives waits in its buffer. Bound on any thread,
 * then handed to one: {@link ServerLoop#start} or {@link #close}, once.
 */
public final class BoundUdpSocket {
    /** What Linux answers where somebody else has the port. */
    private static final int EADDRINUSE = 98;

    /** Netty's socket wants an address even where it takes no byte from there. */
    private static final ByteBuffer ONE_BYTE = ByteBuffer.allocateDirect(1);

    private final TransportAddress local;
    private final Handle handle;

    /** The socket as the event loops' transport wants it. */
    private interface Handle {
        Channel toChannel();

        void sendEmpty(InetSocketAddress recipient) throws IOException;

        void close() throws IOException;
    }

    private BoundUdpSocket(TransportAddress local, Handle handle) {
        this.local = local;
        this.handle = handle;
    }

    /**
     * Binds {@code local}, which nobody else must have.
     *
     * @throws PortTakenException where somebody has it
     * @throws IOException where another port would not do either, for example for want of file descriptors
     */
    static BoundUdpSocket bind(TransportAddress local, boolean epoll) throws IOException {
        try {
            return new BoundUdpSocket(local, epoll ? bindEpoll(local) : bindNio(local));
        } catch (NativeIoException e) {
            throw e.expectedErr() == -EADDRINUSE ? new PortTakenException(local, e) : e;
        } catch (BindException e) {
            // The JDK has no other way to say it.
            boolean inUse =
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("in use");
            throw inUse ? new PortTakenException(local, e) : e;
        }
    }

    private static Handle bindEpoll(TransportAddress local) throws IOException {
        DatagramSocket socket = DatagramSocket.open(local);
        try {
            socket.bind(local.toInetSocketAddress());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new Handle() {
            @Override
            public Channel toChannel() {
                return new EpollDatagramChannel(socket.intValue());
            }

            @Override
            public void sendEmpty(InetSocketAddress recipient) throws IOException {
                socket.sendTo(ONE_BYTE, 0, 0, recipient.getAddress(), recipient.getPort());
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    private static Handle bindNio(TransportAddress local) throws IOException {
        ProtocolFamily family = local.ip().isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            channel.bind(local.toInetSocketAddress());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Handle() {
            @Override
            public Channel toChannel() {
                return new NioDatagramChannel(channel);
            }

            @Override
            public void sendEmpty(InetSocketAddress recipient) throws IOException {
                channel.send(ByteBuffer.allocate(0), recipient);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** The transport address that it is bound to. */
    public TransportAddress local() {
        return local;
    }

    /** A channel around it, which from now on is what is closed. */
    Channel toChannel() {
        return handle.toChannel();
    }

    /** Sends a datagram without data, past the queue of its channel, which must not be closed. */
    void sendEmpty(InetSocketAddress recipient) throws IOException {
        handle.sendEmpty(recipient);
    }

    /** Gives the port back. */
    public void close() {
        try {
            handle.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody else on this machine has the port. */
    public static final class PortTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        PortTakenException(TransportAddress local, IOException cause) {
            super("somebody else has udp " + local, cause);
        }
    }

    /** Netty's socket of one address family; its own are of both. */
    private static final class DatagramSocket extends Socket {
        private DatagramSocket(int descriptor) {
            super(descriptor);
        }

        static DatagramSocket open(TransportAddress local) throws IOException {
            try {
                return new DatagramSocket(
                        newSocketDgram0(local.ip().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
            } catch (RuntimeException e) {
                // Netty wraps the want of file descriptors in an unchecked exception.
                if (e.getCause() instanceof IOException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
