package dev.culvert.bench;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.ServerLoop;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One event loop that plays all clients and all peers of all servers. */
final class Generator implements AutoCloseable {
    /** All that TLS clients offer, so that all servers use the same; coturn 4.6 knows nothing newer than TLS 1.2. */
    static final String CIPHER_SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration HOUSEKEEPING = Duration.ofMillis(50);

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(1)
            .setMaxEventLoopExecuteTime(LIMIT.toNanos()));
    private final ServerLoop loop = ServerLoop.of(vertx);
    private final NetClient streams = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    private final Transactions transactions = new Transactions();
    private final Inlets inlets = new Inlets(transactions);
    private final Sockets sockets = new Sockets(loop, inlets);
    private final long threadId;
    private Optional<Load> running = Optional.empty();

    Generator() {
        this.threadId = call(() -> Thread.currentThread().getId());
        vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> loop.context().runOnContext(on -> keepHouse()));
    }

    private void keepHouse() {
        long now = System.nanoTime();
        transactions.retry(now);
        running.ifPresent(load -> load.expire(now));
        loop.flush();
    }

    /** Lets the event loop do {@code work}, and waits until it is done. */
    <T> T await(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.context().runOnContext(on -> {
            try {
                work.get().onComplete(done);
            } catch (RuntimeException e) {
                done.fail(e);
            }
            loop.flush();
        });
        try {
            return done.future().toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the load could not be made: "
                            + Optional.ofNullable(e.getCause()).orElse(e),
                    e);
        }
    }

    /** The same for what is done on return. */
    <T> T call(Supplier<T> work) {
        return await(() -> Future.succeededFuture(work.get()));
    }

    /** Begins to send; one load at a time. */
    void start(Load load) {
        call(() -> {
            running = Optional.of(load);
            inlets.blame(load.tally());
            load.start();
            return true;
        });
    }

    /** Sends no more; what is on its way still counts. */
    void stop() {
        call(() -> {
            running.ifPresent(Load::stop);
            return true;
        });
    }

    /** What the CPU has spent on the event loop. */
    long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId);
    }

    /** Whether a server answers Binding requests at {@code server}; waits some seconds for it. */
    boolean isAnswered(TransportAddress server) {
        return await(() -> transactions
                .ask(new UdpWire(sockets, sockets.client(0), server), StunMethod.BINDING, List.of(), Optional.empty())
                .map(answer -> true)
                .otherwise(false));
    }

    /** A new connection, or the client socket with this index. */
    Future<Wire> connect(Transport transport, TransportAddress server, int index) {
        if (transport == Transport.UDP) {
            return Future.succeededFuture(new UdpWire(sockets, sockets.client(index), server));
        }
        return streams.connect(connectOptions(transport, server))
                .map(socket -> new StreamWire(loop.context(), socket, server, inlets, loop::flush));
    }

    private static ConnectOptions connectOptions(Transport transport, TransportAddress server) {
        ConnectOptions options =
                new ConnectOptions().setHost(server.ip().toString()).setPort(server.port());
        if (transport == Transport.TCP) {
            return options.setSsl(false);
        }
        // Whoever answers on this machine's loopback was started here.
        return options.setSsl(true).setSslOptions((ClientSSLOptions) new ClientSSLOptions()
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm("")
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
                .addEnabledCipherSuite(CIPHER_SUITE));
    }

    Transactions transactions() {
        return transactions;
    }

    Inlets inlets() {
        return inlets;
    }

    Sockets sockets() {
        return sockets;
    }

    ServerLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        await(sockets::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
