package dev.culvert.probe;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Log;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.StunServer;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Our STUN server on 127.0.0.1 and 127.0.0.2, UDP with RFC 5780, and TCP on the same first port. */
final class LoopbackServer implements AutoCloseable {
    private static final IpAddress FIRST = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final IpAddress SECOND = IpAddress.parse("127.0.0.2").orElseThrow();

    private final Vertx vertx = Vertx.vertx();
    private final TransportAddress udp;

    LoopbackServer() {
        this(true);
    }

    LoopbackServer(boolean sipReflector) {
        int port = freePort();
        udp = new TransportAddress(FIRST, port);
        start(
                List.of(
                        new Listener(Transport.UDP, Optional.of(FIRST), port),
                        new Listener(Transport.TCP, Optional.of(FIRST), port)),
                sipReflector);
    }

    /** A port that neither UDP nor TCP has in use at the moment. */
    static int freePort() {
        try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(FIRST.toInetAddress(), 0));
                ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 1, FIRST.toInetAddress())) {
            return tcp.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start(List<Listener> listeners, boolean sipReflector) {
        ServerConfig config = new ServerConfig(
                listeners,
                List.of(SECOND),
                0,
                true,
                sipReflector,
                Optional.empty(),
                new ConnectionLimits(100, 100, Duration.ofMinutes(1), Duration.ofSeconds(5), false),
                List.of(),
                1,
                ServerConfig.Admin.OFF,
                new Log(Log.Level.ERROR, Log.Format.TEXT, Log.Addresses.FULL),
                Duration.ofSeconds(1));
        StunServer.start(vertx, config)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Where it is asked, as {@code 127.0.0.1:PORT}. */
    String address() {
        return udp.toString();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
