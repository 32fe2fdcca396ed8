package dev.culvert.server.io;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a proxy says at the beginning of a connection about where it comes from (PROXY protocol, versions 1 and 2).
 *
 * @param source the client; empty where the proxy speaks for itself or does not know
 */
record ProxyHeader(Optional<TransportAddress> source) {
    /**
     * Reads the header of {@code socket}, on its event loop, before anything else is read.
     *
     * @param timeout how long it may take
     * @param then takes the header, once; empty where there is none, or none in time
     */
    static void await(Vertx vertx, NetSocket socket, Duration timeout, Consumer<Optional<ProxyHeader>> then) {
        Receiver receiver = new Receiver(then);
        long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), late -> receiver.complete(Optional.empty()));
        receiver.onDone = () -> vertx.cancelTimer(timer);
        EventLoops.beforeAll(socket, receiver);
        EventLoops.beforeAll(socket, new HAProxyMessageDecoder());
    }

    private static ProxyHeader of(HAProxyMessage message) {
        String address = message.sourceAddress();
        return new ProxyHeader(Optional.ofNullable(address)
                .flatMap(IpAddress::parse)
                .map(ip -> new TransportAddress(ip, message.sourcePort())));
    }

    /** Stands behind the decoder, and stays where it is: what secures the connection is put behind it. */
    static final class Receiver extends ChannelInboundHandlerAdapter {
        private final Consumer<Optional<ProxyHeader>> then;
        private Runnable onDone = () -> {};
        private boolean isDone;

        private Receiver(Consumer<Optional<ProxyHeader>> then) {
            this.then = then;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof HAProxyMessage header)) {
                context.fireChannelRead(message);
                return;
            }
            try {
                complete(Optional.of(of(header)));
            } finally {
                header.release();
            }
        }

        /** A connection that ends without a header is nobody's, and waits for nothing. */
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!isDone) {
                isDone = true;
                onDone.run();
            }
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof HAProxyProtocolException) {
                complete(Optional.empty());
                return;
            }
            context.fireExceptionCaught(cause);
        }

        private void complete(Optional<ProxyHeader> header) {
            if (!isDone) {
                isDone = true;
                onDone.run();
                then.accept(header);
            }
        }
    }
}
