package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Admin;
import dev.culvert.server.config.ServerConfig.AdminTls;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An admin server on a port of its own, for a server that is not there. */
final class AdminUnderTest implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TransportAddress ANY_PORT =
            TransportAddress.parse("127.0.0.1:0").orElseThrow();

    final TestState state = new TestState();
    final TestControl control = new TestControl();
    final Metrics metrics = new Metrics();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpPort port;

    private AdminUnderTest(Optional<String> tokenFile, Optional<AdminTls> tls) throws Exception {
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .admin(new Admin(Optional.of(ANY_PORT), true, tokenFile, tls))
                .build();
        Administered server = new Administered(config, state, control, AdminRoutes.STUN_ONLY, metrics);
        this.port = await(AdminServer.start(ANY_PORT, server));
    }

    static AdminUnderTest open() throws Exception {
        return new AdminUnderTest(Optional.empty(), Optional.empty());
    }

    static AdminUnderTest withToken(String file) throws Exception {
        return new AdminUnderTest(Optional.of(file), Optional.empty());
    }

    static AdminUnderTest with(AdminTls tls) throws Exception {
        return new AdminUnderTest(Optional.empty(), Optional.of(tls));
    }

    URI uri(String path) {
        return URI.create("http://" + port.address() + path);
    }

    int port() {
        return port.address().port();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    /** Sends it with a body unless that is empty. */
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** What it answers to JSON. */
    HttpResponse<String> tell(String method, String path, String json) throws IOException, InterruptedException {
        return send(method, path, json, "Content-Type", "application/json");
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(port.address().ip().toInetAddress(), port());
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Everything that it says to {@code request} until it ends the connection. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        port.close().await();
        metrics.close();
    }
}
