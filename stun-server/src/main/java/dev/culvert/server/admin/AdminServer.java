package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin HTTP server: {@code /metrics}, {@code /health/live}, {@code /health/ready}, the API below {@code /api/v1} and
 * the status page at {@code /}.
 */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final Administered server;
    private final HttpPort port;
    private final AdminGate gate;
    private final AdminApi api;
    private final EventStream events;
    private final StatusPage page = new StatusPage();

    private AdminServer(Administered server, Optional<AdminToken> token, HttpPort port) {
        this.server = server;
        this.port = port;
        ServerConfig config = server.config();
        this.gate = new AdminGate(token, config.admin().takesCertificates());
        Certificates certificates = new Certificates(config.tlsIdentities(), Clock.systemUTC());
        Summary summary = new Summary(server, certificates);
        this.api = new AdminApi(new ServerRoutes(server, summary, certificates).all());
        this.events = new EventStream(port, summary);
    }

    /**
     * Starts serving at {@code address}; the future fails with a {@link java.net.BindException} where the port is taken.
     *
     * @return where it is served, to be closed by the caller
     * @throws IOException if the token cannot be read
     */
    public static Future<HttpPort> start(TransportAddress address, Administered server) throws IOException {
        ServerConfig.Admin config = server.config().admin();
        Optional<AdminToken> token = AdminToken.read(config.tokenFile());
        return HttpPort.open(
                server.metrics().observe(Vertx.builder(), HttpPort.options()),
                address,
                config.tls(),
                port -> new AdminServer(server, token, port)::onRequest);
    }

    private void onRequest(HttpServerRequest request) {
        Answers.prepare(request.response());
        String path = Objects.requireNonNullElse(request.path(), "");
        if (path.startsWith(AdminApi.PREFIX + "/")) {
            onApiRequest(request, path);
            return;
        }
        String method = request.method().name();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            request.response().putHeader("Allow", "GET, HEAD");
            Answers.text(request, 405, "only GET and HEAD");
            return;
        }
        Optional<AdminAnswer> refusal = plainRefusal(request, path);
        if (refusal.isPresent()) {
            refuse(request, refusal.get());
            return;
        }
        show(request, path);
    }

    /** An orchestrator's probe has no token and learns nothing; the page holds nothing and asks for the token itself. */
    private Optional<AdminAnswer> plainRefusal(HttpServerRequest request, String path) {
        if (path.startsWith("/health/")) {
            return Optional.empty();
        }
        return path.equals("/") ? gate.foreignRefusal(request) : gate.refusal(request);
    }

    private static void refuse(HttpServerRequest request, AdminAnswer refusal) {
        if (refusal.status() == 401) {
            request.response().putHeader("WWW-Authenticate", "Bearer realm=\"culvert\"");
        }
        Answers.text(
                request, refusal.status(), refusal.body().at("/error/message").asText());
    }

    private void show(HttpServerRequest request, String path) {
        switch (path) {
            case "/" -> {
                request.response().headers().set("Content-Security-Policy", page.securityPolicy());
                Answers.send(request, 200, "text/html; charset=utf-8", page.html());
            }
            case "/metrics" -> scrape(request);
            case "/health/live" -> Answers.text(request, 200, "live");
            case "/health/ready" -> {
                boolean ready = server.state().isReady();
                Answers.text(request, ready ? 200 : 503, ready ? "ready" : "not ready");
            }
            default ->
                Answers.text(request, 404, "there is / /metrics /health/live /health/ready /api/v1/openapi.json");
        }
    }

    private void scrape(HttpServerRequest request) {
        port.work(server.metrics()::scrape)
                .onSuccess(text -> Answers.send(request, 200, "text/plain; version=0.0.4; charset=utf-8", text))
                .onFailure(failure -> Answers.text(request, 500, "no metrics: " + failure.getMessage()));
    }

    private void onApiRequest(HttpServerRequest request, String path) {
        Optional<AdminAnswer> refusal = gate.refusal(request).or(() -> AdminGate.crossSiteRefusal(request));
        if (refusal.isPresent()) {
            Answers.json(request, refusal.get());
            return;
        }
        Optional<AdminRoute> route = api.find(request.method().name(), path);
        if (route.isEmpty()) {
            Answers.json(request, noRoute(request, path));
            return;
        }
        boolean isRead = route.get().method().equals("GET");
        if (isRead && route.get().path().equals(ServerRoutes.EVENTS)) {
            watch(request);
            return;
        }
        Optional<AdminAnswer> badBody =
                isRead || route.get().method().equals("DELETE") ? Optional.empty() : JsonBody.refusal(request);
        if (badBody.isPresent()) {
            Answers.json(request, badBody.get());
            return;
        }
        answer(request, route.get(), path);
    }

    private AdminAnswer noRoute(HttpServerRequest request, String path) {
        String methods = api.methods(path);
        if (methods.isEmpty()) {
            return api.noSuchPath();
        }
        request.response().putHeader("Allow", methods);
        return AdminAnswer.error(405, "method-not-allowed", "this takes " + methods);
    }

    private void watch(HttpServerRequest request) {
        if (events.isFull()) {
            Answers.json(
                    request,
                    AdminAnswer.error(503, "too-many-watchers", "close a status page elsewhere, or ask for /server"));
            return;
        }
        events.join(request);
    }

    private void answer(HttpServerRequest request, AdminRoute route, String path) {
        if (!route.method().equals("GET")) {
            LOG.info("asked by {}: {} {}", request.remoteAddress(), route.method(), path);
        }
        api.answer(request, path, route, port);
    }
}
