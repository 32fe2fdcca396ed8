package dev.culvert.server.admin;

import static dev.culvert.server.admin.AdminUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.server.admin.ReloadReport.Change;
import dev.culvert.server.admin.ReloadReport.Effect;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.ServerConfig.Log.Level;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.testkit.OpenApiCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminApiTest {
    private static final String API = "/api/v1";

    private AdminUnderTest admin;
    private OpenApiCheck document;

    @BeforeEach
    void start() throws Exception {
        admin = AdminUnderTest.open();
        document = new OpenApiCheck(json(admin.get(API + "/openapi.json")));
    }

    @AfterEach
    void close() throws Exception {
        admin.close();
    }

    @Test
    void theDocumentHasEveryRouteAndNoOther() {
        Administered server = new Administered(
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").build(),
                admin.state,
                admin.control,
                AdminRoutes.STUN_ONLY,
                admin.metrics);
        Certificates certificates = new Certificates(List.of(), Clock.systemUTC());

        List<AdminRoute> routes = new ServerRoutes(server, new Summary(server, certificates), certificates).all();

        assertThat(routes.stream().map(route -> route.method() + " " + route.path()))
                .containsExactlyInAnyOrderElementsOf(document.operations());
        for (AdminRoute route : routes) {
            JsonNode wish = document.document()
                    .path("paths")
                    .path(route.path())
                    .path(route.method().toLowerCase(Locale.ROOT))
                    .at("/requestBody/content/application~1json/schema/$ref");
            List<String> fields = new ArrayList<>();
            document.document()
                    .at(wish.asText().replaceFirst("^#", "") + "/properties")
                    .fieldNames()
                    .forEachRemaining(fields::add);
            assertThat(fields).as(route.path()).containsExactlyInAnyOrderElementsOf(route.fields());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /openapi.json,       '',                                    200",
        "GET,    /server,             '',                                    200",
        "GET,    /log-level,          '',                                    200",
        "GET,    /log-level?level=x,  '',                                    400",
        "PUT,    /log-level,          '{\"level\": \"debug\"}',              200",
        "PUT,    /log-level,          '{\"level\": \"loud\"}',               400",
        "PUT,    /log-level,          '{\"level\": [\"debug\"]}',            400",
        "PUT,    /log-level,          '{\"level\": \"debug\", \"more\": 1}', 400",
        "PUT,    /log-level,          '{\"level\"',                          400",
        "PUT,    /log-level,          '[]',                                  400",
        "PUT,    /log-level,          '{}',                                  400",
        "POST,   /drain,              '{}',                                  202",
        "POST,   /reload,             '{}',                                  200",
        "GET,    /trace,              '',                                    200",
        "PUT,    /trace,              '{\"client\": \"192.0.2.7\"}',         200",
        "PUT,    /trace,              '{\"user\": \"eve\", \"seconds\": 5}', 200",
        "PUT,    /trace,              '{}',                                  400",
        "PUT,    /trace,              '{\"client\": \"a.example\"}',         400",
        "DELETE, /trace,              '',                                    200",
    })
    void everyAnswerIsAsTheDocumentSays(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = admin.tell(method, API + path, body);

        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        String operation = method + " " + path.replaceFirst("\\?.*", "");
        assertThat(document.problems(operation, status, json(answer))).isEmpty();
    }

    @Test
    void whatIsNotThereIsToldWithWhatThereIs() throws Exception {
        HttpResponse<String> noPath = admin.get(API + "/allocations");
        HttpResponse<String> noMethod = admin.tell("PUT", API + "/server", "{}");

        assertThat(noPath.statusCode()).isEqualTo(404);
        assertThat(json(noPath).at("/error/message").asText()).contains("GET /api/v1/server");
        assertThat(noMethod.statusCode()).isEqualTo(405);
        assertThat(noMethod.headers().firstValue("Allow")).contains("GET");
        assertThat(admin.send("HEAD", API + "/server", "").statusCode()).isEqualTo(200);
    }

    @Test
    void whatItIsToldItDoes() throws Exception {
        admin.tell("PUT", API + "/log-level", "{\"level\": \"trace\"}");
        admin.tell("POST", API + "/drain", "");
        admin.tell("PUT", API + "/trace", "{\"client\": \"2001:db8::7\", \"seconds\": 100}");

        assertThat(admin.control.level).isEqualTo(Level.TRACE);
        assertThat(admin.control.drains).hasValue(1);
        assertThat(json(admin.get(API + "/trace")).path("client").asText()).isEqualTo("2001:db8::7");
        admin.tell("DELETE", API + "/trace", "");
        assertThat(admin.state.trace.status()).isEmpty();
    }

    @Test
    void aReloadIsReportedKeyByKey() throws Exception {
        admin.control.report = new ReloadReport(
                List.of(new Change("log-level", Effect.APPLIED), new Change("listen", Effect.NEEDS_RESTART)),
                List.of());

        JsonNode answer = json(admin.tell("POST", API + "/reload", "{}"));

        assertThat(answer.path("applied")).hasSize(1);
        assertThat(answer.at("/applied/0").asText()).isEqualTo("log-level");
        assertThat(answer.at("/needsRestart/0").asText()).isEqualTo("listen");
    }

    @Test
    void aReloadThatIsRefusedTellsAllThatIsWrong() throws Exception {
        admin.control.report = new ReloadReport(
                List.of(),
                List.of(
                        new Problem("turn.yaml:3: listen", "x", "not a listener", "write udp:*:3478"),
                        new Problem("turn.yaml:4: relm", "", "no such setting", "did you mean realm?")));

        HttpResponse<String> answer = admin.tell("POST", API + "/reload", "{}");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/error/problems")).hasSize(2);
        assertThat(json(answer).at("/error/problems/1/right").asText()).isEqualTo("did you mean realm?");
        assertThat(document.problems("POST /reload", 422, json(answer))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Origin,         https://evil.example,  403",
        "Origin,         null,                  403",
        "Origin,         http://127.0.0.1:1,    403",
        "Origin,         http://localhost,      403",
        "Origin,         OWN,                   202",
        "Sec-Fetch-Site, cross-site,            403",
        "Sec-Fetch-Site, same-site,             403",
        "Sec-Fetch-Site, same-origin,           202",
        "Sec-Fetch-Site, none,                  202",
    })
    void pagesOfOtherSitesDrainNothing(String header, String value, int status) throws Exception {
        String concrete = value.equals("OWN") ? "http://127.0.0.1:" + admin.port() : value;

        String answer = admin.raw("POST /api/v1/drain HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port() + "\r\n"
                + "Content-Type: application/json\r\nContent-Length: 0\r\n" + header + ": " + concrete + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(admin.control.drains).hasValue(status == 202 ? 1 : 0);
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("access-control");
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "''"})
    void formsAreNotTaken(String type) throws Exception {
        String header = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";

        String answer = admin.raw(
                "POST /api/v1/drain HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "Content-Length: 2\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 415").contains("\"not-json\"");
        assertThat(admin.control.drains).hasValue(0);
    }

    @Test
    void aNameThatWasTurnedToThisHostAsksNothing() throws Exception {
        String host = "rebound.example";

        String answer = admin.raw("POST /api/v1/drain HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 421").contains("\"wrong-host\"");
        assertThat(admin.control.drains).hasValue(0);
    }

    @Test
    void aLongBodyIsRefused() throws Exception {
        HttpResponse<String> answer = admin.tell("PUT", API + "/log-level", " ".repeat(70_000));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(document.problems("PUT /log-level", 413, json(answer))).isEmpty();
    }

    @Test
    void watchersAreToldEverySecond() throws Exception {
        admin.state.counters.put(TestState.series(Counter.BINDING_REQUESTS), 17L);
        admin.state.counters.put(new Series("rate_limited", "too many", "tcp"), 5L);
        admin.state.levels.put(new Series("event_loop_lag", "late", Map.of("loop", "0")), 3L);
        admin.state.levels.put(new Series("event_loop_lag", "late", Map.of("loop", "1")), 9L);
        try (Socket watcher = watch()) {
            BufferedReader lines = reader(watcher);

            JsonNode first = event(lines);
            admin.state.ready = false;
            JsonNode second = event(lines);

            assertThat(document.problems("GET /events", 200, first)).isEmpty();
            assertThat(first.at("/flows/0/packets").asLong()).isEqualTo(17);
            assertThat(first.at("/levels/event_loop_lag").asLong()).isEqualTo(9);
            assertThat(first.path("refusals")).anySatisfy(refusal -> {
                assertThat(refusal.path("reason").asText()).isEqualTo("rate_limited");
                assertThat(refusal.path("count").asLong()).isEqualTo(5);
            });
            assertThat(first.path("ready").asBoolean()).isTrue();
            assertThat(second.path("ready").asBoolean()).isFalse();
        }
    }

    @Test
    void watchersAreCapped() throws Exception {
        List<Socket> watchers = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                watchers.add(watch());
                event(reader(watchers.get(i)));
            }

            assertThat(admin.get(API + "/events").statusCode()).isEqualTo(503);
            watchers.get(0).close();
            await().untilAsserted(() -> {
                try (Socket next = watch()) {
                    assertThat(event(reader(next)).has("program")).isTrue();
                }
            });
        } finally {
            for (Socket watcher : watchers) {
                watcher.close();
            }
        }
    }

    private Socket watch() throws IOException {
        Socket socket = admin.connect();
        socket.getOutputStream()
                .write("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket watcher) throws IOException {
        return new BufferedReader(new InputStreamReader(watcher.getInputStream(), StandardCharsets.UTF_8));
    }

    private static JsonNode event(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return new ObjectMapper().readTree(line.substring("data: ".length()));
            }
            if (line.startsWith("{\"error")) {
                return new ObjectMapper().readTree(line);
            }
        }
        return new ObjectMapper().createObjectNode();
    }
}
