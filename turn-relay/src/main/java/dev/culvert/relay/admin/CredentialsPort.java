package dev.culvert.relay.admin;

import dev.culvert.relay.config.RelayConfig.Minting;
import dev.culvert.relay.config.RelayConfig.MintingListener;
import dev.culvert.server.admin.AdminAnswer;
import dev.culvert.server.admin.AdminApi;
import dev.culvert.server.admin.AdminGate;
import dev.culvert.server.admin.AdminRoute;
import dev.culvert.server.admin.AdminToken;
import dev.culvert.server.admin.Answers;
import dev.culvert.server.admin.HttpPort;
import dev.culvert.server.admin.JsonBody;
import dev.culvert.server.config.ServerConfig.AdminTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An HTTP server that hands out credentials and does nothing else; pages of named origins may ask it. */
public final class CredentialsPort {
    private final HttpPort port;
    private final AdminGate gate;
    private final AdminApi api;
    private final List<String> origins;

    private CredentialsPort(HttpPort port, AdminGate gate, AdminApi api, List<String> origins) {
        this.port = port;
        this.gate = gate;
        this.api = api;
        this.origins = origins;
    }

    /**
     * Opens it where {@code config} says; the future fails with a {@link java.net.BindException} where the port is taken.
     *
     * @throws IOException if the token cannot be read
     */
    public static Future<HttpPort> open(Minting config, MintingListener listener, RelayDesk relay) throws IOException {
        AdminGate gate = new AdminGate(AdminToken.read(config.tokenFile()), false);
        AdminApi api = new AdminApi(List.of(new CredentialMint(relay, InstantSource.system()).route()));
        Optional<AdminTls> tls = listener.tls()
                ? relay.config().server().tlsIdentities().stream()
                        .findFirst()
                        .map(identity -> new AdminTls(identity, Optional.empty()))
                : Optional.empty();
        return HttpPort.open(
                Vertx.builder().with(HttpPort.options()),
                listener.address(),
                tls,
                port -> new CredentialsPort(port, gate, api, config.origins())::onRequest);
    }

    private void onRequest(HttpServerRequest request) {
        Answers.prepare(request.response());
        String origin = request.getHeader("Origin");
        if (origin != null && !origins.contains(origin)) {
            Answers.json(
                    request,
                    AdminAnswer.error(
                            403,
                            "origin-not-named",
                            "pages of this origin may not ask; name it by --credentials-origin"));
            return;
        }
        if (origin != null) {
            allow(origin, request.response());
        }
        String path = Objects.requireNonNullElse(request.path(), "");
        if (request.method().name().equals("OPTIONS")
                && origin != null
                && !api.methods(path).isEmpty()) {
            Answers.nothing(request);
            return;
        }
        answer(request, path);
    }

    /** What the Fetch standard (CORS protocol) has a server say to let a page of another origin ask and read. */
    private static void allow(String origin, HttpServerResponse response) {
        response.headers().set("Cross-Origin-Resource-Policy", "cross-origin");
        response.putHeader("Access-Control-Allow-Origin", origin)
                .putHeader("Vary", "Origin")
                .putHeader("Access-Control-Allow-Methods", "POST")
                .putHeader("Access-Control-Allow-Headers", "Authorization, Content-Type")
                .putHeader("Access-Control-Max-Age", "600");
    }

    private void answer(HttpServerRequest request, String path) {
        Optional<AdminRoute> route = api.find(request.method().name(), path);
        if (route.isEmpty()) {
            Answers.json(request, api.methods(path).isEmpty() ? api.noSuchPath() : onlyPost(request));
            return;
        }
        Optional<AdminAnswer> refusal = gate.refusal(request).or(() -> JsonBody.refusal(request));
        if (refusal.isPresent()) {
            Answers.json(request, refusal.get());
            return;
        }
        api.answer(request, path, route.get(), port);
    }

    private static AdminAnswer onlyPost(HttpServerRequest request) {
        request.response().putHeader("Allow", "POST");
        return AdminAnswer.error(405, "method-not-allowed", "this takes POST");
    }
}
