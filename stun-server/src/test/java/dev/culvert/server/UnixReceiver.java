package dev.culvert.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The receiving end of {@code NOTIFY_SOCKET}. */
final class UnixReceiver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Channel channel;

    private UnixReceiver(String path) throws InterruptedException {
        channel = new Bootstrap()
                .group(group)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        received.add(packet.content().toString(UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(path))
                .sync()
                .channel();
    }

    /** Receives at a path, or at an abstract name that begins with {@code @}. */
    static UnixReceiver bind(String name) throws InterruptedException {
        return new UnixReceiver(name.startsWith("@") ? "\0" + name.substring(1) : name);
    }

    void awaitDatagram(String text) {
        awaitDatagrams(text, 1);
    }

    void awaitDatagrams(String text, int count) {
        await().atMost(PATIENCE).until(() -> Collections.frequency(received, text) >= count);
    }

    String awaitDatagramThatBegins(String beginning) {
        return await().atMost(PATIENCE)
                .until(() -> first(beginning), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> first(String beginning) {
        return received.stream().filter(text -> text.startsWith(beginning)).findFirst();
    }

    /** All that came, in its order. */
    List<String> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        channel.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
