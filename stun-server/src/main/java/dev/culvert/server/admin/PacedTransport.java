package dev.culvert.server.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Java's own sockets, those that listen being {@link PacedServerSocket}s. */
final class PacedTransport implements Transport {
    @Override
    public String name() {
        return "paced";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new Sockets();
    }

    private static final class Sockets implements io.vertx.core.spi.transport.Transport {
        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        public DatagramChannel datagramChannel() {
            return new NioDatagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // the interface asks for it
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return new NioDatagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return NioSocketChannel::new;
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return PacedServerSocket::new;
        }
    }
}
