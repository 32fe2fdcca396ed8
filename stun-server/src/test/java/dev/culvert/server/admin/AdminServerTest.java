package dev.culvert.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.ServerConfig.Admin;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Histogram;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
    private static final TransportAddress ANY_PORT =
            TransportAddress.parse("127.0.0.1:0").orElseThrow();

    private final Metrics metrics = new Metrics();
    private final Vertx vertx =
            metrics.observe(Vertx.builder(), new VertxOptions()).build();
    private final HttpClient http = HttpClient.newHttpClient();
    private final State state = new State();

    @TempDir
    Path directory;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        metrics.close();
    }

    @Test
    void readinessFollowsTheServer() throws Exception {
        AdminServer server = start(Optional.empty());

        assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
        state.ready = false;
        assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreReadWhenAskedFor() throws Exception {
        AdminServer server = start(Optional.empty());
        metrics.show(state);
        state.counters.put(State.series(Counter.BINDING_REQUESTS), 17L);

        HttpResponse<String> answer = get(server, "/metrics");

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body())
                .contains("culvert_binding_requests_total{transport=\"udp\"} 17.0")
                .contains("# HELP culvert_binding_requests_total " + Counter.BINDING_REQUESTS.meaning())
                .contains("culvert_build_info{")
                .contains("vertx_http_server_");
    }

    @Test
    void labelsLevelsAndHistogramsAreShownAsPrometheusHasThem() {
        Histogram lag = new Histogram();
        lag.record(700_000);
        lag.record(5_000_000_000L);
        state.levels.put(new Series("drained", "how far", Map.of("kind", "a", "other", "b")), 3L);
        state.histograms.put(new Series("lag_seconds", "how late", Map.of("loop", "0")), lag);
        metrics.show(state);

        assertThat(metrics.scrape())
                .contains("# TYPE culvert_drained gauge", "culvert_drained{kind=\"a\",other=\"b\"} 3.0")
                .contains("# TYPE culvert_lag_seconds histogram", "# HELP culvert_lag_seconds how late")
                .contains("culvert_lag_seconds_bucket{loop=\"0\",le=\"5.0E-4\"} 0")
                .contains("culvert_lag_seconds_bucket{loop=\"0\",le=\"0.001\"} 1")
                .contains("culvert_lag_seconds_bucket{loop=\"0\",le=\"+Inf\"} 2")
                .contains("culvert_lag_seconds_count{loop=\"0\"} 2")
                .contains("culvert_lag_seconds_sum{loop=\"0\"} 5.0007");
    }

    @Test
    void aSeriesThatComesLaterIsShownToo() {
        metrics.show(state);
        state.counters.put(new Series("late", "what came later", "tls"), 5L);

        assertThat(metrics.scrape()).contains("culvert_late_total{transport=\"tls\"} 5.0");
    }

    @Test
    void everyMetricOfTheServerIsDocumented() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "metrics.md"));

        assertThat(Stream.of(Counter.values())
                        .map(counter -> "culvert_" + counter.name().toLowerCase(Locale.ROOT) + "_total"))
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        start(Optional.empty());
        metrics.show(state);
        List<String> ours = metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("culvert_"))
                .map(line -> line.split("[{ ]")[0])
                .toList();
        assertThat(ours).isNotEmpty().allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void theStatusPageEscapesWhatItShows() throws Exception {
        state.listening = List.of("udp <b>&");

        HttpResponse<String> page = get(start(Optional.empty()), "/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("udp &lt;b&gt;&amp;").doesNotContain("<b>");
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
    }

    @Test
    void onlyReadingIsAnswered() throws Exception {
        AdminServer server = start(Optional.empty());

        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri(server, "/metrics"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(metrics.scrape()).contains("vertx_http_server_").doesNotContain("POST");
        assertThat(get(server, "/api/v1/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void theTokenIsRequiredWhereOneIsConfigured() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), " s3cret\n");
        AdminServer server = start(Optional.of(file.toString()));

        assertThat(get(server, "/metrics").statusCode()).isEqualTo(401);
        assertThat(get(server, "/metrics").headers().firstValue("WWW-Authenticate"))
                .isPresent();
        for (String wrong : List.of("Bearer s3cre", "Bearer s3crett", "Basic s3cret", "s3cret", "Bearer")) {
            assertThat(get(server, "/metrics", "Authorization", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(401);
        }
        assertThat(get(server, "/", "Authorization", "Bearer s3cret").statusCode())
                .isEqualTo(200);
        assertThat(get(server, "/", "Authorization", "bearer s3cret").statusCode())
                .isEqualTo(200);
        assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void anEmptyTokenFileOpensNothing() throws Exception {
        Path file = Files.writeString(directory.resolve("empty"), "\n");

        assertThatThrownBy(() -> start(Optional.of(file.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no token");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9642,      200",
        "127.0.0.1,           200",
        "localhost:9642,      200",
        "LOCALHOST,           200",
        "[::1]:9642,          200",
        "rebound.example:80,  421",
        "rebound.example,     421",
        "127.0.0.1.example,   421",
        "localhost.example,   421",
        "a b,                 421",
    })
    void aNameThatWasTurnedToThisHostReadsNothing(String host, int status) throws Exception {
        AdminServer server = start(Optional.empty());

        assertThat(raw(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 " + status);
        assertThat(raw(server, "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void healthIsToldUnderAnyName() throws Exception {
        assertThat(raw(start(Optional.empty()), "GET /health/live HTTP/1.1\r\nHost: stun.example\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void oneRequestEndsItsConnectionBeforeTheDeadlineWould() throws Exception {
        AdminServer server = start(Optional.empty());
        try (Socket socket = connect(server)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void largeHeadersAreRefused() throws Exception {
        AdminServer server = start(Optional.empty());
        String large = "x".repeat(100_000);

        assertThat(raw(server, "GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n")).startsWith("HTTP/1.1 431");
        assertThat(raw(server, "GET /" + large + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.0 414");
        assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void connectionsAreCappedAndAHalfRequestEndsAtItsDeadline() throws Exception {
        AdminServer server = start(Optional.empty());
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                Socket socket = connect(server);
                half.add(socket);
                socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            }
            // Connections are counted in the order of their arrival.
            try (Socket refused = connect(server)) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(half.get(0).getInputStream().read()).isEqualTo(-1);
            assertThat(half.get(63).getInputStream().read()).isEqualTo(-1);
            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    private static Socket connect(AdminServer server) throws IOException {
        Socket socket = new Socket(
                server.address().ip().toInetAddress(), server.address().port());
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Everything that the server says to {@code request} until it ends the connection. */
    private static String raw(AdminServer server, String request) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private AdminServer start(Optional<String> tokenFile) throws Exception {
        return await(
                AdminServer.start(vertx, ANY_PORT, new Admin(Optional.of(ANY_PORT), true, tokenFile), state, metrics));
    }

    private HttpResponse<String> get(AdminServer server, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(server, path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(AdminServer server, String path) {
        return URI.create("http://" + server.address() + path);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class State implements ServerState {
        volatile boolean ready = true;
        volatile List<String> listening = List.of("udp 127.0.0.1:3478");
        final Map<Series, Long> counters = Stream.of(Counter.values())
                .collect(Collectors.toMap(State::series, counter -> 0L, (a, b) -> a, LinkedHashMap::new));

        final Map<Series, Long> levels = new LinkedHashMap<>();
        final Map<Series, Histogram> histograms = new LinkedHashMap<>();

        static Series series(Counter counter) {
            return new Series(counter.name().toLowerCase(Locale.ROOT), counter.meaning(), "udp");
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public List<String> listening() {
            return listening;
        }

        @Override
        public Map<Series, Long> counters() {
            return Map.copyOf(counters);
        }

        @Override
        public Map<Series, Long> levels() {
            return levels;
        }

        @Override
        public Map<Series, Histogram> histograms() {
            return histograms;
        }
    }
}
