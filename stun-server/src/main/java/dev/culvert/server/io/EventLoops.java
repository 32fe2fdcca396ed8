package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of a Vert.x instance, and channels on them: the only class that touches Vert.x's internals. */
final class EventLoops {
    /** The transport of last resort. */
    static final String NIO = "nio";

    private final List<Context> contexts;
    private final boolean epoll;

    private EventLoops(List<Context> contexts, boolean epoll) {
        this.contexts = contexts;
        this.epoll = epoll;
    }

    /** At most {@code count} loops of {@code vertx}, each with a context of its own. */
    static EventLoops of(Vertx vertx, int count) {
        VertxInternal internals = (VertxInternal) vertx;
        List<Context> contexts = new ArrayList<>();
        boolean epoll = true;
        for (EventExecutor executor : internals.nettyEventLoopGroup()) {
            if (contexts.size() < count) {
                EventLoop loop = (EventLoop) executor;
                contexts.add(internals.contextBuilder().withEventLoop(loop).build());
                epoll &= loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
            }
        }
        return new EventLoops(List.copyOf(contexts), epoll);
    }

    List<Context> contexts() {
        return contexts;
    }

    /** {@code epoll}, or {@code nio} where the native transport is missing or was not asked for. */
    String transportName() {
        return epoll ? "epoll" : NIO;
    }

    /** Whether several sockets on one port share its traffic, and several datagrams travel in one system call. */
    boolean isEpoll() {
        return epoll;
    }

    /** Binds a datagram channel on the loop of {@code context}; where it can, with SO_REUSEPORT. */
    Future<Void> bindDatagrams(Context context, TransportAddress local, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(((ContextInternal) context).nettyEventLoop())
                .handler(handler);
        SocketProtocolFamily family = local.ip().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        if (epoll) {
            bootstrap
                    .channelFactory(() -> new EpollDatagramChannel(family))
                    .option(UnixChannelOption.SO_REUSEPORT, true);
        } else {
            bootstrap.channelFactory(() -> new NioDatagramChannel(family));
        }
        Promise<Void> bound = Promise.promise();
        bootstrap.bind(local.toInetSocketAddress()).addListener(future -> {
            if (future.isSuccess()) {
                bound.complete();
                return;
            }
            bound.fail(future.cause());
        });
        return bound.future();
    }

    /** Lets the loop of {@code context} serve {@code channel}, which is bound; on that loop's thread, done on return. */
    void register(Context context, Channel channel, ChannelHandler handler) {
        channel.pipeline().addLast(handler);
        ((ContextInternal) context).nettyEventLoop().register(channel);
    }

    /** The event loop of {@code context}, for handles that are no channels. */
    IoEventLoop ioLoop(Context context) {
        return (IoEventLoop) ((ContextInternal) context).nettyEventLoop();
    }

    /**
     * Runs {@code tick} on the loop of {@code context} once a period, missed periods included, and makes no objects for it.
     *
     * @return ends it, on that loop's thread
     */
    Runnable every(Context context, long periodNanos, Runnable tick) {
        ScheduledFuture<?> ticking = ((ContextInternal) context)
                .nettyEventLoop()
                .scheduleAtFixedRate(tick, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        return () -> ticking.cancel(false);
    }

    /** The memory outside of the heap that Netty has taken and counts itself; 0 where it leaves that to the JVM. */
    static long directMemoryBytes() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /** What {@code chunk} holds, big-endian, without a copy where it lies in one piece. */
    static ByteBuffer bytes(Buffer chunk) {
        return ((BufferInternal) chunk).getByteBuf().nioBuffer();
    }

    /** A buffer of Vert.x around {@code bytes}, which it owns from now on. */
    static Buffer buffer(ByteBuf bytes) {
        return BufferInternal.buffer(bytes);
    }

    /** Puts {@code handler} between the network and {@code socket}, before the first byte is read. */
    static void beforeAll(NetSocket socket, ChannelHandler handler) {
        pipeline(socket).addFirst(handler);
    }

    /**
     * Puts {@code tls} between the network and {@code socket}, behind the proxy's header if there is one, before the next
     * byte is read. Vert.x would do so either before it hands out a connection, so that nothing caps unfinished
     * handshakes, or too late for the first message.
     */
    static void secure(NetSocket socket, ChannelHandler tls) {
        ChannelHandlerContext header = pipeline(socket).context(ProxyHeader.Receiver.class);
        if (header == null) {
            pipeline(socket).addFirst(tls);
            return;
        }
        pipeline(socket).addAfter(header.name(), null, tls);
    }

    private static ChannelPipeline pipeline(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    }
}
