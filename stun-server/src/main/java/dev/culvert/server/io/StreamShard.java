package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop's share of the TCP or the TLS side: its servers, its core, its numbers. Owned by that loop's thread. */
final class StreamShard {
    private static final Logger LOG = LoggerFactory.getLogger(StreamShard.class);

    private final Vertx vertx;
    private final ServerLoop loop;
    private final Transport transport;
    private final Dispatch dispatch;
    private final Counters<Counter> counters;
    private final ConnectionCap cap;
    private final NetServerOptions options;
    private final List<Listener> configured;
    private final Supplier<StreamSettings> settings;

    /**
     * @param configured after which the numbers of each listener are named
     * @param settings what holds at the moment
     */
    StreamShard(
            Vertx vertx,
            ServerLoop loop,
            Transport transport,
            Dispatch dispatch,
            Counters<Counter> counters,
            List<Listener> configured,
            ConnectionCap cap,
            Supplier<StreamSettings> settings) {
        this.vertx = vertx;
        this.loop = loop;
        this.transport = transport;
        this.dispatch = dispatch;
        this.counters = counters;
        this.cap = cap;
        this.options = new NetServerOptions().setTcpNoDelay(true);
        this.configured = configured;
        this.settings = settings;
    }

    Counters<Counter> counters() {
        return counters;
    }

    Transport transport() {
        return transport;
    }

    /** Starts to accept on {@code local}, sharing the connections with other shards there; from any thread. */
    Future<NetServer> open(TransportAddress local) {
        Promise<NetServer> opened = Promise.promise();
        // Shown from the beginning, though nobody connects.
        traffic(local);
        loop.context()
                .runOnContext(on -> vertx.createNetServer(options)
                        .connectHandler(socket -> accept(socket, local))
                        .exceptionHandler(failure -> LOG.debug("{} {}: {}", transport, local, failure.toString()))
                        .listen(SocketAddress.inetSocketAddress(local.toInetSocketAddress()))
                        .onComplete(opened));
        return opened.future();
    }

    private void accept(NetSocket socket, TransportAddress local) {
        Optional<TransportAddress> remote = remoteOf(socket);
        Optional<ConnectionCap.Seat> seat = remote.isEmpty() ? Optional.empty() : cap.take();
        if (seat.isEmpty()) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            socket.close();
            return;
        }
        socket.closeHandler(closed -> seat.get().leave());
        ConnectionLimits limits = settings.get().limits();
        if (!limits.proxyProtocol()) {
            admit(socket, local, remote.get(), seat.get());
            return;
        }
        // Whose connection it is, a proxy says first; the proxy's own checks of the server's health are its own.
        ProxyHeader.await(vertx, socket, limits.handshakeTimeout(), header -> {
            if (header.isPresent()) {
                admit(socket, local, header.get().source().orElse(remote.get()), seat.get());
                return;
            }
            counters.increment(Counter.BAD_FRAMES);
            socket.close();
        });
    }

    private void admit(NetSocket socket, TransportAddress local, TransportAddress remote, ConnectionCap.Seat seat) {
        if (!seat.claim(remote.ip())) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            // The place is free before the client sees the end and comes again.
            socket.closeHandler(null);
            seat.leave();
            socket.close();
            return;
        }
        counters.increment(Counter.CONNECTIONS_OPENED);
        FiveTuple flow = new FiveTuple(transport, local, remote);
        StreamConnection connection =
                new StreamConnection(vertx, socket, flow, loop, dispatch, endpoint(local), counters, traffic(local));
        // Resets and the like; the close handler does what is to be done.
        socket.exceptionHandler(failure -> LOG.debug(
                "{} {}: {}", transport, settings.get().shownAddresses().show(remote), failure.toString()));
        socket.closeHandler(closed -> {
            connection.onClose();
            seat.leave();
        });
        StreamSettings now = settings.get();
        // The handshake begins after the connection was admitted, so that unfinished ones are capped too.
        if (transport == Transport.TLS) {
            EventLoops.secure(socket, now.identities().handler(now.limits().handshakeTimeout(), connection::onSecured));
        } else {
            connection.onSecured();
        }
        connection.start();
        connection.closeWhenIdle(now.limits().idleTimeout().toMillis());
    }

    private Counters<ListenerCounter> traffic(TransportAddress local) {
        return loop.traffic(ListenerName.of(configured, transport, local));
    }

    private int endpoint(TransportAddress local) {
        return dispatch.service()
                .map(service -> service.endpoint(transport, local))
                .orElse(0);
    }

    private static Optional<TransportAddress> remoteOf(NetSocket socket) {
        SocketAddress remote = socket.remoteAddress();
        if (remote == null || remote.hostAddress() == null) {
            return Optional.empty();
        }
        String withoutScope = remote.hostAddress().split("%", 2)[0];
        return IpAddress.parse(withoutScope).map(ip -> new TransportAddress(ip, remote.port()));
    }
}
