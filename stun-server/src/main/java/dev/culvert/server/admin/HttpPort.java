package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig.AdminTls;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server for the few who ask about a server: one request a connection, a bounded number of connections, in all
 * and a second, and threads of its own. However many come, the event loops that serve packets have nothing to do with
 * them.
 */
public final class HttpPort {
    /** Scrapers, health checks and status pages are few; more would take files and memory from those who send packets. */
    static final int MAX_CONNECTIONS = 64;

    static final int CONNECTIONS_PER_SECOND = 200;

    /** Taken in half a second, so that nobody waits for long behind those who have gone. */
    private static final int MAX_WAITING = 100;

    /** One request and its answer; whoever sends slower than that asks for nothing. */
    private static final long CONNECTION_MILLIS = 10_000;

    private static final int WORKERS = 2;
    private static final long LOOK_AGAIN_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

    private final Vertx vertx;
    private final HttpServer http;
    private final TransportAddress asked;
    private final Optional<AdminTls> tls;

    /** The deadline of each connection; touched on the one event loop. */
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();

    private HttpPort(Vertx vertx, TransportAddress address, Optional<AdminTls> tls) {
        this.vertx = vertx;
        this.asked = address;
        this.tls = tls;
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.ip().toInetAddress().getHostAddress())
                .setPort(address.port())
                .setAcceptBacklog(MAX_WAITING)
                .setHttp2ClearTextEnabled(false);
        tls.ifPresent(files -> secure(options, files));
        this.http = vertx.createHttpServer(options).connectionHandler(this::onConnection);
    }

    /** The options for a Vert.x that such a server has to itself. */
    public static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }

    /**
     * Listens at {@code address}; the future fails with a {@link java.net.BindException} where the port is taken.
     *
     * @param builder with {@link #options()}; what it makes belongs to the server
     * @param tls empty for plain HTTP
     * @param handler makes what is called for each request on the one event loop, which it must not block
     */
    public static Future<HttpPort> open(
            VertxBuilder builder,
            TransportAddress address,
            Optional<AdminTls> tls,
            Function<HttpPort, Handler<HttpServerRequest>> handler) {
        Promise<HttpPort> opened = Promise.promise();
        // Vert.x warns where one instance is made by a thread of another.
        Thread opener = new Thread(() -> {
            Vertx vertx = builder.withTransport(new PacedTransport()).build();
            open(vertx, address, tls, handler).onComplete(opened);
        });
        opener.setUncaughtExceptionHandler((thread, failure) -> opened.tryFail(failure));
        opener.start();
        return opened.future();
    }

    private static Future<HttpPort> open(
            Vertx vertx,
            TransportAddress address,
            Optional<AdminTls> tls,
            Function<HttpPort, Handler<HttpServerRequest>> handler) {
        HttpPort port = new HttpPort(vertx, address, tls);
        return port.http
                .requestHandler(handler.apply(port))
                .listen()
                .map(listening -> port.watching())
                .onFailure(failure -> vertx.close());
    }

    private HttpPort watching() {
        tls.ifPresent(this::watch);
        return this;
    }

    private static void secure(HttpServerOptions options, AdminTls files) {
        options.setSsl(true).setKeyCertOptions(identity(files));
        // Asked for, not required: a health check has none. Who shows none needs a token.
        files.clientCaFile()
                .ifPresent(ca -> options.setClientAuth(ClientAuth.REQUEST)
                        .setTrustOptions(new PemTrustOptions().addCertPath(absolute(ca))));
    }

    private static PemKeyCertOptions identity(AdminTls files) {
        return new PemKeyCertOptions()
                .addCertPath(absolute(files.identity().certificateFile()))
                .addKeyPath(absolute(files.identity().keyFile()));
    }

    private static String absolute(String file) {
        return Path.of(file).toAbsolutePath().toString();
    }

    /** Looks every few seconds whether the files of TLS changed; those of before stay in use where one is no good. */
    private void watch(AdminTls files) {
        List<Path> all = Stream.concat(
                        Stream.of(
                                files.identity().certificateFile(),
                                files.identity().keyFile()),
                        files.clientCaFile().stream())
                .map(Path::of)
                .toList();
        AtomicReference<List<FileTime>> seen = new AtomicReference<>(modified(all));
        vertx.setPeriodic(
                LOOK_AGAIN_MILLIS,
                timer -> work(() -> modified(all)).onSuccess(now -> {
                    if (!now.equals(seen.getAndSet(now))) {
                        reload(files);
                    }
                }));
    }

    private static List<FileTime> modified(List<Path> files) {
        return files.stream().map(HttpPort::modified).toList();
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // between removal and replacement
        }
    }

    private void reload(AdminTls files) {
        HttpServerOptions options = new HttpServerOptions();
        secure(options, files);
        http.updateSSLOptions(options.getSslOptions(), true)
                .onSuccess(done -> LOG.info("{}: certificates were read again", url()))
                .onFailure(
                        failure -> LOG.error("{}: the certificates of before stay: {}", url(), failure.getMessage()));
    }

    private void onConnection(HttpConnection connection) {
        deadlines.put(connection, vertx.setTimer(CONNECTION_MILLIS, expired -> connection.close()));
        connection.closeHandler(closed -> letLive(connection));
    }

    /** Takes the deadline off a connection whose answer goes on for as long as it is wanted. */
    void letLive(HttpConnection connection) {
        Long deadline = deadlines.remove(connection);
        if (deadline != null) {
            vertx.cancelTimer(deadline);
        }
    }

    /** Runs what takes time or blocks, and returns a value, on one of a few threads for that; the others wait their turn. */
    public <T> Future<T> work(Callable<T> call) {
        return vertx.executeBlocking(call, false).map(result -> Objects.requireNonNull(result));
    }

    Vertx vertx() {
        return vertx;
    }

    /** Where it listens, the port being the actual one. */
    public TransportAddress address() {
        IpAddress ip = asked.ip();
        return new TransportAddress(ip, http.actualPort());
    }

    /** Its address for a browser, with a slash at the end. */
    public String url() {
        return (tls.isPresent() ? "https://" : "http://") + address() + "/";
    }

    /** Ends it. */
    public Future<Void> close() {
        return vertx.close();
    }
}
