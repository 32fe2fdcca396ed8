package dev.culvert.server.admin;

import dev.culvert.server.core.TokenBucket;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes so many connections in all, and so many a second. What comes faster waits in the system's queue, which costs
 * nothing; what is too much is closed before anything is made for it, a TLS handshake included.
 */
final class PacedServerSocket extends NioServerSocketChannel {
    private static final long COST_NANOS = TimeUnit.SECONDS.toNanos(1) / HttpPort.CONNECTIONS_PER_SECOND;
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_MILLIS = 50;

    private final TokenBucket pace = new TokenBucket();
    private final AtomicInteger open = new AtomicInteger();

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        if (!pace.take(COST_NANOS, BURST_NANOS, System.nanoTime())) {
            config().setAutoRead(false);
            eventLoop().schedule(() -> config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            return 0;
        }
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            pace.putBack(COST_NANOS);
            return count;
        }
        Channel connection = (Channel) accepted.get(accepted.size() - 1);
        if (open.get() >= HttpPort.MAX_CONNECTIONS) {
            accepted.remove(accepted.size() - 1);
            connection.unsafe().closeForcibly();
            return 0;
        }
        open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        return count;
    }
}
