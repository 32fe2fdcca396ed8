package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.relay.usage.WebhookEndpoint;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Usage events of the packaged server, held against what was sent. */
@Isolated("it measures")
class UsageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int PACKETS = 400;
    private static final int CHANNEL = 0x4000;

    @TempDir
    private Path folder;

    private Path file;
    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        Requirements.linux(); // kill, /dev/full
        file = folder.resolve("usage.jsonl");
        secret = Files.writeString(folder.resolve("secret"), "a secret of enough bytes");
    }

    /** What one client has sent and got. */
    private record Sent(TransportAddress relayed, long bytesToPeers, long bytesToClient, long packetsToClient) {}

    @Test
    void sumsOfEventsAreWhatWasSentByteForByteOverAnOutageOfTheWebhookAndARestart() throws Exception {
        int port = FreePort.pick();
        List<Sent> sent = new ArrayList<>();
        long bytesToPeers;
        long bytesToClients;
        try (EchoPeer peer = new EchoPeer("127.0.0.2")) {
            try (TurnServerUnderTest server =
                    TurnServerUnderTest.start(options(port).with("--usage-file", file.toString()), folder)) {
                sent.add(onChannel(PlainClient.alice(server), peer));
                sent.add(inIndications(PlainClient.alice(server), peer));
                sent.add(onChannel(tcp(server), peer));
                sent.add(inIndications(tcp(server), peer));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(file).content().contains("\"interim\""));
                bytesToPeers = metric(server, "culvert_relay_bytes_to_peers_total");
                bytesToClients = metric(server, "culvert_relay_bytes_to_clients_total");
                end(server);
            }
            List<JsonNode> written = events(Files.readAllLines(file));
            requireNoGap(written);
            requireEqual(sent, written);
            assertThat(sum(written, "bytesToPeers")).isEqualTo(bytesToPeers).isEqualTo(peer.bytes());
            assertThat(sum(written, "packetsToPeers")).isEqualTo(4L * PACKETS).isEqualTo(peer.datagrams());
            assertThat(sum(written, "bytesToClient")).isEqualTo(bytesToClients);
        }

        // The endpoint was away until now; another run of the server delivers what the first one left.
        try (WebhookEndpoint endpoint = new WebhookEndpoint(port);
                TurnServerUnderTest server = TurnServerUnderTest.start(options(port), folder)) {
            List<String> lines = Files.readAllLines(file);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(delivered(endpoint)).hasSameSizeAs(lines));
            assertThat(delivered(endpoint)).isEqualTo(events(lines));
            end(server);
        }
    }

    @Test
    void fullDiskStopsNoPacketAndIsTold() throws Exception {
        TurnServerOptions options = options(FreePort.pick()).with("--usage-file", "/dev/full");
        try (EchoPeer peer = new EchoPeer("127.0.0.2");
                TurnServerUnderTest server = TurnServerUnderTest.start(options, folder)) {
            Sent sent = onChannel(PlainClient.alice(server), peer);

            assertThat(sent.packetsToClient()).isEqualTo(PACKETS);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(metric(server, "culvert_usage_file_write_failures_total"))
                            .isPositive());
            assertThat(metric(server, "culvert_usage_file_written_total")).isZero();
            assertThat(metric(server, "culvert_usage_queue_written_total")).isPositive();
            end(server);
            assertThat(server.program().output())
                    .containsOnlyOnce("usage events wait in memory until it takes them")
                    .contains("could not be written");
        }
    }

    private TurnServerOptions options(int webhookPort) {
        return new TurnServerOptions()
                .administered()
                .with("--allow-peer", "127.0.0.0/8", "--drain-timeout", "1s", "--usage-interval", "1s")
                .with("--webhook", "http://127.0.0.1:" + webhookPort + "/usage")
                .with("--webhook-secret-file", secret.toString())
                .with("--webhook-queue-dir", folder.resolve("queue").toString());
    }

    private static PlainClient tcp(TurnServerUnderTest server) throws IOException {
        return PlainClient.tcp(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
    }

    private static Sent onChannel(PlainClient client, EchoPeer peer) throws IOException {
        TransportAddress relayed = client.relayed();
        assertThat(client.bind(CHANNEL, address(peer))).isEqualTo(SUCCESS);
        return exchange(client, relayed, data -> client.sendOnChannel(CHANNEL, data));
    }

    private static Sent inIndications(PlainClient client, EchoPeer peer) throws IOException {
        TransportAddress relayed = client.relayed();
        assertThat(client.permit(address(peer).ip())).isEqualTo(SUCCESS);
        return exchange(client, relayed, data -> client.send(address(peer), data));
    }

    /** How a client sends. */
    private interface Way {
        void send(byte[] data) throws IOException;
    }

    /** Sends packets of any length, not too many at once, so that the kernel drops none on the way back. */
    private static Sent exchange(PlainClient client, TransportAddress relayed, Way way) throws IOException {
        long bytes = 0;
        for (int i = 1; i <= PACKETS; i++) {
            byte[] data = new byte[ThreadLocalRandom.current().nextInt(1, 1200)];
            way.send(data);
            bytes += data.length;
            int count = i;
            if (i % 20 == 0) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> client.packets() == count);
            }
        }
        return new Sent(relayed, bytes, client.bytes(), client.packets());
    }

    private static TransportAddress address(EchoPeer peer) {
        return TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
    }

    /** Ends the server, and with it every allocation. */
    private static void end(TurnServerUnderTest server) throws Exception {
        server.signal("TERM");
        assertThat(server.program().exitCode(PATIENCE)).isZero();
    }

    private static long metric(TurnServerUnderTest server, String name) throws Exception {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    private static void requireNoGap(List<JsonNode> events) {
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).get("sequence").asLong()).isEqualTo(i + 1);
            assertThat(events.get(i).has("lost")).isFalse();
        }
    }

    /** Each allocation begins and ends once, and its end says what its client sent and got. */
    private static void requireEqual(List<Sent> sent, List<JsonNode> events) {
        Map<String, JsonNode> stops = new HashMap<>();
        for (JsonNode event : events) {
            if (type(event).equals("stop")) {
                assertThat(stops.put(event.get("relayed").get(0).asText() + event.get("allocation"), event))
                        .isNull();
            }
        }
        assertThat(stops).hasSize(sent.size());
        for (Sent one : sent) {
            JsonNode stop = stops.values().stream()
                    .filter(each -> each.get("bytesToPeers").asLong() == one.bytesToPeers())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nobody is told to have sent as " + one));
            assertThat(stop.get("relayed").get(0).asText())
                    .isEqualTo(one.relayed().toString());
            assertThat(stop.get("packetsToPeers").asLong()).isEqualTo(PACKETS);
            assertThat(stop.get("bytesToClient").asLong()).isEqualTo(one.bytesToClient());
            assertThat(stop.get("packetsToClient").asLong()).isEqualTo(one.packetsToClient());
            assertThat(stop.get("reason").asText()).isEqualTo("shut-down");
            assertThat(stop.get("user").asText()).isEqualTo(TurnServerUnderTest.USER);
        }
    }

    private static long sum(List<JsonNode> events, String field) {
        return events.stream()
                .filter(event -> type(event).equals("stop"))
                .mapToLong(event -> event.get(field).asLong())
                .sum();
    }

    private static String type(JsonNode event) {
        return event.get("type").asText();
    }

    private static List<JsonNode> events(List<String> lines) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : lines) {
            all.add(JSON.readTree(line));
        }
        return all;
    }

    private static List<JsonNode> delivered(WebhookEndpoint endpoint) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (WebhookEndpoint.Delivery delivery : endpoint.deliveries()) {
            JSON.readTree(delivery.body()).get("events").forEach(all::add);
        }
        return all;
    }
}
