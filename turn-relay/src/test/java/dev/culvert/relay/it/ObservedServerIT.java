package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static dev.culvert.relay.it.PlainClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a server that has served clients of all sorts: its numbers, and its log with all that it can say. */
class ObservedServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path ROOT = Path.of("..");
    private static final Pattern METRIC = Pattern.compile("\\b(?:culvert|jvm|process|system|vertx)_[a-z0-9_]+");
    private static final String TOKEN = "t0ken-of-the-operator";
    private static final String SECRET = "north-by-northwest";
    private static final String NONCE_KEY = "5a".repeat(32);

    /** Every label that a metric of ours may have. */
    private static final Set<String> LABELS = Set.of(
            "transport", "listener", "direction", "reason", "cause", "state", "loop", "le", "file", "version", "java");

    private static TurnServerUnderTest server;
    private static String timeLimitedPassword = "";
    private static List<TransportAddress> relayed;
    private static Scrape scrape;

    @BeforeAll
    static void serve(@TempDir Path folder) throws Exception {
        server = start(folder);
        try (EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient alice = PlainClient.alice(server);
                PlainClient idle = PlainClient.tcp(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
                PlainClient third = PlainClient.alice(server);
                PlainClient guesser = PlainClient.udp(server, TurnServerUnderTest.USER, "guess");
                PlainClient dora = dora()) {
            relayed = List.of(alice.relayed(), idle.relayed(), dora.relayed());
            assertThat(alice.bind(0x4000, address(peer))).isEqualTo(SUCCESS);
            alice.sendOnChannel(0x4000, new byte[100]);
            await().atMost(PATIENCE).until(() -> alice.packets() == 1);
            assertThat(alice.permit(IpAddress.parse("10.0.0.7").orElseThrow())).isEqualTo(403);
            assertThat(code(third.allocate())).isEqualTo(486);
            assertThat(code(guesser.allocate())).isEqualTo(401);
            assertThat(dora.refresh(0)).isEqualTo(SUCCESS);
            // The second time so that the pages' own numbers are among them.
            scrape();
            scrape = scrape();
        }
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static TurnServerUnderTest start(Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        Path nonceKeys = Files.writeString(folder.resolve("nonce-keys"), NONCE_KEY + "\n");
        Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        return TurnServerUnderTest.start(
                new TurnServerOptions()
                        .administered()
                        .tls(TestCertificate.make(folder, "server"))
                        .with("--shared-secret-file", secret.toString(), "--nonce-key-file", nonceKeys.toString())
                        .with("--admin-token-file", token.toString(), "--max-allocations-per-user", "2")
                        .with("--allow-peer", "127.0.0.0/8", "--log-level", "trace", "--log-addresses", "full"),
                folder);
    }

    /** A client with a time-limited credential. */
    private static PlainClient dora() throws IOException {
        long tomorrow = Instant.now().plusSeconds(86_400).getEpochSecond();
        var credential = SharedSecret.of(SECRET).issue("dora", tomorrow);
        timeLimitedPassword = credential.password();
        return PlainClient.udp(server, credential.username(), credential.password());
    }

    private static TransportAddress address(EchoPeer peer) {
        return TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
    }

    private static Scrape scrape() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + admin() + "/metrics"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        return new Scrape(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }

    private static String admin() {
        return server.program().awaitLine("admin http://").replace("/", "");
    }

    @Test
    void numbersSayWhatHasHappened() {
        String listener = "udp:127.0.0.1:" + server.port();
        double fromClients =
                scrape.sum("culvert_listener_bytes_total", "listener", listener, "direction", "from_clients");
        double packets = scrape.sum("culvert_listener_packets_total", "listener", listener, "direction", "to_clients");

        assertThat(fromClients).isGreaterThan(1000);
        assertThat(packets).isGreaterThan(8);
        assertThat(scrape.sum("culvert_listener_packets_total", "transport", "tcp"))
                .isGreaterThanOrEqualTo(4);
        assertThat(scrape.sum("culvert_listener_packets_total", "transport", "tls"))
                .isZero();
        assertThat(scrape.sum("culvert_allocations_by_state", "state", "bound", "transport", "udp"))
                .isEqualTo(1);
        assertThat(scrape.sum("culvert_allocations_by_state", "state", "idle", "transport", "tcp"))
                .isEqualTo(1);
        assertThat(scrape.sum("culvert_allocations_by_state")).isEqualTo(2);
        assertThat(scrape.sum("culvert_relay_refusals_total", "reason", "user_quota"))
                .isEqualTo(1);
        assertThat(scrape.sum("culvert_relay_refusals_total", "reason", "policy"))
                .isEqualTo(1);
        assertThat(scrape.sum("culvert_relay_refusals_total", "reason", "wrong_password"))
                .isEqualTo(1);
        assertThat(scrape.sum("culvert_relay_refusals_total")).isEqualTo(3);
        assertThat(scrape.sum("culvert_relay_allocate_seconds_count")).isEqualTo(3);
        assertThat(scrape.sum("culvert_relay_ports_size")).isEqualTo(65535 - 49152 + 1);
        assertThat(scrape.sum("culvert_event_loop_lag_seconds_count")).isPositive();
        assertThat(Instant.ofEpochSecond((long) scrape.sum("culvert_certificate_expiry_timestamp_seconds")))
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));
    }

    @Test
    void labelsAreOfClosedSetsAndTellNoUserAndNoClient() {
        List<Scrape.Sample> ours = scrape.samples().stream()
                .filter(sample -> sample.name().startsWith("culvert_"))
                .toList();

        assertThat(ours)
                .isNotEmpty()
                .allSatisfy(
                        sample -> assertThat(LABELS).containsAll(sample.labels().keySet()));
        assertThat(scrape.text()).doesNotContain(TurnServerUnderTest.USER, "dora", "10.0.0.7", "127.0.0.2");
        relayed.forEach(address -> assertThat(scrape.text()).doesNotContain(address.toString()));
    }

    @Test
    void everyNumberIsDocumentedAndEveryDocumentedNumberIsThere() throws Exception {
        Set<String> documented =
                matches(Pattern.compile("`(culvert_[a-z0-9_]+)`"), Files.readString(ROOT.resolve("docs/metrics.md")));
        Set<String> told = new TreeSet<>(scrape.metrics());
        told.removeIf(name -> !name.startsWith("culvert_"));

        assertThat(documented).isEqualTo(told);
    }

    @Test
    void theDashboardAsksForNumbersThatAreThere() throws Exception {
        JsonNode dashboard = new ObjectMapper()
                .readTree(ROOT.resolve("deploy/grafana/culvert.json").toFile());
        List<String> queries = new ArrayList<>(dashboard.findValuesAsText("expr"));
        queries.addAll(dashboard.findValuesAsText("definition"));

        assertThat(queries).hasSizeGreaterThan(30);
        thenAllAreThere(queries);
    }

    @Test
    void theAlertsAskForNumbersThatAreThere() throws Exception {
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(ROOT.resolve("deploy/prometheus/culvert-alerts.yml").toFile())
                .at("/groups/0/rules");

        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.path("alert").asText()).startsWith("Culvert");
            assertThat(rule.path("expr").asText()).isNotBlank();
            assertThat(rule.at("/labels/severity").asText()).isIn("warning", "critical");
            assertThat(rule.at("/annotations/summary").asText()).contains("{{ $labels.");
        });
        thenAllAreThere(rules.findValuesAsText("expr"));
    }

    /** Names, and the values of labels of ours that the queries name. */
    private static void thenAllAreThere(List<String> queries) {
        Set<String> names = scrape.names();
        for (String query : queries) {
            assertThat(names).as(query).containsAll(matches(METRIC, query));
            Matcher wanted =
                    Pattern.compile("\\b(reason|cause|area)=~?\"([a-z_|]+)\"").matcher(query);
            while (wanted.find()) {
                for (String value : wanted.group(2).split("\\|")) {
                    assertThat(scrape.text()).as(query).contains(wanted.group(1) + "=\"" + value + "\"");
                }
            }
        }
    }

    private static Set<String> matches(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }

    @Test
    void anAllocationsLinesCarryItsIdAndRefusalsSayWhyInWords() {
        await().atMost(PATIENCE).until(() -> !lines("allocation ended: ").isEmpty());
        String ended = lines("allocation ended: ").get(0);
        String id = ended.substring(ended.indexOf(" allocation="));

        assertThat(ended).contains("reason=deleted", "seconds=", "packets_to_peers=0");
        assertThat(lines("allocation created: "))
                .hasSize(3)
                .filteredOn(line -> line.endsWith(id))
                .hasSize(1);
        assertThat(lines("allocation refused: "))
                .singleElement()
                .asString()
                .contains("user=\"alice\" code=486 reason=user-quota")
                .endsWith("why=\"the user has 2 allocations, --max-allocations-per-user\"");
        assertThat(lines("request refused: "))
                .singleElement()
                .asString()
                .contains("method=CreatePermission allocation=", "code=403 reason=policy peer=10.0.0.7")
                .contains("why=\"the peer is denied by built-in deny 10.0.0.0/8");
    }

    private static List<String> lines(String beginning) {
        return server.program()
                .output()
                .lines()
                .filter(line -> line.contains(" turn: " + beginning))
                .toList();
    }

    @Test
    void noSecretIsEverWritten() {
        String all = server.program().output() + scrape.text();

        assertThat(all).contains("TRACE", "DEBUG");
        assertThat(timeLimitedPassword).isNotEmpty();
        assertThat(Stream.of(TurnServerUnderTest.PASSWORD, SECRET, NONCE_KEY, TOKEN, timeLimitedPassword))
                .allSatisfy(secret -> assertThat(all).doesNotContainIgnoringCase(secret));
    }
}
