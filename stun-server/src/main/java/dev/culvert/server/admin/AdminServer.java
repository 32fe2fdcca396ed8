package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The admin HTTP server: {@code /metrics}, {@code /health/live}, {@code /health/ready} and {@code /}. */
public final class AdminServer {
    /** Scrapers and health checks are few; more would take files and memory from those who ask for packets. */
    private static final int MAX_CONNECTIONS = 64;

    /** One request and its answer; whoever sends slower than that is not asking for metrics. */
    private static final long CONNECTION_MILLIS = 10_000;

    private final Vertx vertx;
    private final HttpServer http;
    private final ServerState state;
    private final Metrics metrics;
    private final Optional<AdminToken> token;
    private final IpAddress ip;
    private final AtomicInteger connections = new AtomicInteger();

    private AdminServer(
            Vertx vertx, IpAddress ip, int port, Optional<AdminToken> token, ServerState state, Metrics metrics) {
        this.vertx = vertx;
        this.ip = ip;
        this.token = token;
        this.state = state;
        this.metrics = metrics;
        HttpServerOptions options = new HttpServerOptions()
                .setHost(ip.toInetAddress().getHostAddress())
                .setPort(port)
                .setHttp2ClearTextEnabled(false);
        this.http = vertx.createHttpServer(options)
                .connectionHandler(this::onConnection)
                .requestHandler(this::onRequest);
    }

    /**
     * Starts serving at {@code address}; the future fails with a {@link java.net.BindException} where the port is taken.
     *
     * @throws IOException if the token cannot be read
     */
    public static Future<AdminServer> start(
            Vertx vertx, TransportAddress address, ServerConfig.Admin config, ServerState state, Metrics metrics)
            throws IOException {
        Optional<AdminToken> token = Optional.empty();
        if (config.tokenFile().isPresent()) {
            token = Optional.of(AdminToken.read(Path.of(config.tokenFile().get())));
        }
        AdminServer server = new AdminServer(vertx, address.ip(), address.port(), token, state, metrics);
        return server.http.listen().map(server);
    }

    /** Where it listens, the port being the actual one. */
    public TransportAddress address() {
        return new TransportAddress(ip, http.actualPort());
    }

    /** Ends it. */
    public Future<Void> close() {
        return http.close();
    }

    private void onConnection(HttpConnection connection) {
        long deadline = vertx.setTimer(CONNECTION_MILLIS, expired -> connection.close());
        connection.closeHandler(closed -> {
            vertx.cancelTimer(deadline);
            connections.decrementAndGet();
        });
        if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            connection.close();
        }
    }

    private void onRequest(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader("Cache-Control", "no-store")
                .putHeader("Connection", "close")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Allow", "GET, HEAD");
            answer(request, 405, "only GET and HEAD\n");
            return;
        }
        String path = Objects.requireNonNullElse(request.path(), "");
        boolean isHealth = path.startsWith("/health/"); // an orchestrator's probe has no token, and learns nothing
        if (!isHealth && !isAuthorized(request)) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"culvert\"");
            answer(request, 401, "a bearer token is required\n");
            return;
        }
        if (!isHealth && token.isEmpty() && !isAskedByAddress(request)) {
            answer(request, 421, "ask by IP address or as localhost, or configure a token\n");
            return;
        }
        route(request, path);
    }

    /**
     * Whether the Host header is an IP address or localhost. A web page elsewhere whose name was turned to this address
     * (DNS rebinding) makes a browser ask under that name.
     */
    private static boolean isAskedByAddress(HttpServerRequest request) {
        if (request.getHeader("Host") == null) {
            return true; // HTTP/1.0: no browser
        }
        HostAndPort authority = request.authority();
        if (authority == null) {
            return false;
        }
        String host = authority.host().replaceAll("^\\[|]$", "");
        return host.equalsIgnoreCase("localhost") || IpAddress.parse(host).isPresent();
    }

    private boolean isAuthorized(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        return token.isEmpty() || (authorization != null && token.get().isShownBy(authorization));
    }

    private void route(HttpServerRequest request, String path) {
        switch (path) {
            case "/" -> html(request, StatusPage.render(state));
            case "/metrics" -> scrape(request);
            case "/health/live" -> answer(request, 200, "live\n");
            case "/health/ready" -> {
                boolean ready = state.isReady();
                answer(request, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
            }
            default -> answer(request, 404, "there is / /metrics /health/live /health/ready\n");
        }
    }

    /** Formats off the event loop, which serves packets too. */
    private void scrape(HttpServerRequest request) {
        vertx.executeBlocking(metrics::scrape)
                .onSuccess(text -> {
                    request.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                    end(request, 200, text);
                })
                .onFailure(failure -> answer(request, 500, "no metrics: " + failure.getMessage() + "\n"));
    }

    private static void html(HttpServerRequest request, String page) {
        request.response().putHeader("Content-Type", "text/html; charset=utf-8");
        end(request, 200, page);
    }

    private static void answer(HttpServerRequest request, int status, String text) {
        request.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        end(request, status, text);
    }

    private static void end(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .end(body)
                .onComplete(sent -> request.connection().close());
    }
}
