package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.Invocation;
import dev.culvert.server.admin.AdminRoutes;
import dev.culvert.server.admin.AdminServer;
import dev.culvert.server.admin.Administered;
import dev.culvert.server.admin.HttpPort;
import dev.culvert.server.admin.Metrics;
import dev.culvert.server.admin.ReloadReport;
import dev.culvert.server.admin.ServerControl;
import dev.culvert.server.config.ServerConfig.Log.Level;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.OpenApiCheck;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The admin API of a running relay; every answer is checked against the document that it serves. */
final class RelayApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final TransportAddress ANY_PORT =
            TransportAddress.parse("127.0.0.1:0").orElseThrow();
    private static final String PEER = "/policy?peer=";

    private final AdminRoutes routes;
    private final Metrics metrics;
    private final HttpPort admin;
    private final OpenApiCheck document;

    private RelayApi(AdminRoutes routes, Metrics metrics, HttpPort admin) throws Exception {
        this.routes = routes;
        this.metrics = metrics;
        this.admin = admin;
        this.document =
                new OpenApiCheck(JSON.readTree(send("GET", "/openapi.json", "").body()));
    }

    static RelayApi of(RelayService relay) throws Exception {
        AdminRoutes routes = relay.adminRoutes();
        Metrics metrics = new Metrics();
        Administered administered = new Administered(
                Invocation.of("--insecure-no-auth").config().server(), relay, new NoControl(), routes, metrics);
        return new RelayApi(
                routes, metrics, AdminServer.start(ANY_PORT, administered).await());
    }

    AdminRoutes routes() {
        return routes;
    }

    OpenApiCheck document() {
        return document;
    }

    /** The answer, which must have that status. */
    JsonNode answer(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as("%s", json).isEqualTo(status);
        String route = path.replaceFirst("\\?.*", "").replaceFirst("/allocations/.+", "/allocations/{id}");
        assertThat(document.problems(method + " " + route, status, json)).isEmpty();
        return json;
    }

    /** What a watcher is told first. */
    JsonNode firstEvent() throws Exception {
        HttpResponse<Stream<String>> events =
                HTTP.send(HttpRequest.newBuilder(uri("/events")).build(), BodyHandlers.ofLines());
        try (Stream<String> lines = events.body()) {
            return JSON.readTree(lines.findFirst().orElseThrow().substring("data: ".length()));
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        String encoded = path.startsWith(PEER)
                ? PEER + URLEncoder.encode(path.substring(PEER.length()), StandardCharsets.UTF_8)
                : path;
        return URI.create(admin.url() + "api/v1" + encoded);
    }

    @Override
    public void close() {
        admin.close().await();
        metrics.close();
    }

    private static final class NoControl implements ServerControl {
        @Override
        public ReloadReport reload() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void drain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Level logLevel() {
            return Level.INFO;
        }

        @Override
        public void logLevel(Level level) {
            throw new UnsupportedOperationException();
        }
    }
}
