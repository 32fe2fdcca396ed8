package dev.culvert.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Histogram;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
    @TempDir
    Path directory;

    private AdminUnderTest server;
    private TestState state;
    private Metrics metrics;

    @BeforeEach
    void start() throws Exception {
        server = AdminUnderTest.open();
        state = server.state;
        metrics = server.metrics;
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void readinessFollowsTheServer() throws Exception {
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
        state.ready = false;
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreReadWhenAskedFor() throws Exception {
        metrics.show(state);
        state.counters.put(TestState.series(Counter.BINDING_REQUESTS), 17L);

        HttpResponse<String> answer = server.get("/metrics");

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
        metrics.show(state);
        List<String> ours = metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("culvert_"))
                .map(line -> line.split("[{ ]")[0])
                .toList();
        assertThat(ours).isNotEmpty().allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void theStatusPageHoldsAllItNeedsAndNothingOfTheServer() throws Exception {
        state.listening = List.of("udp 203.0.113.99:3478");

        HttpResponse<String> page = server.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body().replace("http://www.w3.org/2000/svg", "the name of SVG"))
                .doesNotContain("203.0.113.99", "/*script*/", "/*style*/", "http://", "https://", "innerHTML")
                .doesNotContainPattern("<(link|img|iframe)|style=|\\son[a-z]+=");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-")
                .contains("script-src 'sha256-", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void onlyReadingIsAnswered() throws Exception {
        HttpResponse<String> answer = server.send("POST", "/metrics", "x");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(metrics.scrape()).contains("vertx_http_server_").doesNotContain("POST");
        assertThat(server.get("/api/v1/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void theTokenIsRequiredWhereOneIsConfigured() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), " s3cret\n");
        AdminUnderTest guarded = AdminUnderTest.withToken(file.toString());

        assertThat(guarded.get("/metrics").statusCode()).isEqualTo(401);
        assertThat(guarded.get("/metrics").headers().firstValue("WWW-Authenticate"))
                .isPresent();
        for (String wrong : List.of("Bearer s3cre", "Bearer s3crett", "Basic s3cret", "s3cret", "Bearer")) {
            assertThat(guarded.get("/metrics", "Authorization", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(401);
        }
        assertThat(guarded.get("/api/v1/server").statusCode()).isEqualTo(401);
        assertThat(guarded.get("/metrics", "Authorization", "Bearer s3cret").statusCode())
                .isEqualTo(200);
        assertThat(guarded.get("/api/v1/server", "Authorization", "bearer s3cret")
                        .statusCode())
                .isEqualTo(200);
        assertThat(guarded.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(guarded.get("/").statusCode())
                .as("it asks for the token itself")
                .isEqualTo(200);
        guarded.close();
    }

    @Test
    void anEmptyTokenFileOpensNothing() throws Exception {
        Path file = Files.writeString(directory.resolve("empty"), "\n");

        assertThatThrownBy(() -> AdminUnderTest.withToken(file.toString()))
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
        assertThat(server.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 " + status);
        assertThat(server.raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void healthIsToldUnderAnyName() throws Exception {
        assertThat(server.raw("GET /health/live HTTP/1.1\r\nHost: stun.example\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void oneRequestEndsItsConnectionBeforeTheDeadlineWould() throws Exception {
        try (Socket socket = server.connect()) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void largeHeadersAreRefused() throws Exception {
        String large = "x".repeat(100_000);

        assertThat(server.raw("GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n")).startsWith("HTTP/1.1 431");
        assertThat(server.raw("GET /" + large + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.0 414");
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void connectionsAreCappedAndAHalfRequestEndsAtItsDeadline() throws Exception {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                Socket socket = server.connect();
                half.add(socket);
                socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            }
            // Connections are counted in the order of their arrival.
            try (Socket refused = server.connect()) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(half.get(0).getInputStream().read()).isEqualTo(-1);
            assertThat(half.get(63).getInputStream().read()).isEqualTo(-1);
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }
}
