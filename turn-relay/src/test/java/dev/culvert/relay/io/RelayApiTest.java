package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.OpenApiCheck;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin API of a relay on real sockets, with clients. */
class RelayApiTest {
    private RunningRelay running;
    private RelayApi api;

    @BeforeEach
    void start() throws Exception {
        running = RunningRelay.with(
                "--shared-secret", "north", "--allow-peer", "127.0.0.0/8", "--max-allocations-per-user", "5");
        api = RelayApi.of(running.relay());
    }

    @AfterEach
    void close() {
        api.close();
        running.close();
    }

    @Test
    void theDocumentHasEveryRouteOfTheRelay() {
        assertThat(api.document().operations())
                .containsAll(api.routes().routes().stream()
                        .map(route -> route.method() + " " + route.path())
                        .toList());
        assertThat(new OpenApiCheck(api.routes().openApi()).operations())
                .containsExactlyInAnyOrderElementsOf(api.routes().routes().stream()
                        .map(route -> route.method() + " " + route.path())
                        .toList());
        api.routes().routes().forEach(route -> {
            JsonNode path = api.document().document().path("paths").path(route.path());
            List<String> described = new ArrayList<>();
            path.path(route.method().toLowerCase(Locale.ROOT))
                    .path("parameters")
                    .forEach(parameter ->
                            described.add(resolved(parameter).path("name").asText()));
            assertThat(described).as(route.path()).containsExactlyInAnyOrderElementsOf(route.parameters());
        });
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? api.document().document().at(node.path("$ref").asText().substring(1))
                : node;
    }

    @Test
    void whatThePageShowsIsCounted() {
        List<String> counted =
                running.relay().counters().keySet().stream().map(Series::name).toList();

        assertThat(api.routes().flows().stream()
                        .flatMap(flow -> Stream.concat(flow.packets().stream(), flow.bytes().stream())))
                .allSatisfy(name -> assertThat(counted).contains(name));
        assertThat(api.routes().refusals())
                .allSatisfy(name -> assertThat(counted).contains(name));
        assertThat(running.relay().levels().keySet())
                .anyMatch(series -> series.name().contains("loop_lag"));
    }

    @Test
    void allocationsAreListedFilteredAndPaged() throws Exception {
        TurnConnection byUdp = running.alice(Transport.UDP);
        TurnConnection byTcp = running.alice(Transport.TCP);
        relay(byUdp, 3);

        JsonNode all = api.answer("GET", "/allocations", "", 200);
        JsonNode first = api.answer("GET", "/allocations?limit=1", "", 200);
        JsonNode second = api.answer(
                "GET", "/allocations?limit=1&cursor=" + first.path("next").asText(), "", 200);

        assertThat(all.path("total").asInt()).isEqualTo(2);
        assertThat(all.has("next")).isFalse();
        assertThat(List.of(first.at("/allocations/0"), second.at("/allocations/0")))
                .containsExactly(all.at("/allocations/0"), all.at("/allocations/1"));
        assertThat(second.has("next")).isFalse();
        assertThat(relayed("?transport=tcp")).containsExactly(byTcp.relayed().toString());
        assertThat(relayed("?relayed=" + byUdp.relayed()))
                .containsExactly(byUdp.relayed().toString());
        assertThat(relayed("?client=" + byUdp.mapped()))
                .containsExactly(byUdp.relayed().toString());
        assertThat(relayed("?client=" + byUdp.mapped().ip())).hasSize(2);
        assertThat(relayed("?user=alice")).hasSize(2);
        assertThat(relayed("?user=bob")).isEmpty();
        JsonNode one = allocation(byUdp);
        assertThat(one.path("bytesToPeers").asLong()).isEqualTo(300);
        assertThat(one.path("packetsToPeers").asLong()).isEqualTo(3);
        assertThat(api.answer("GET", "/allocations/" + one.path("id").asText(), "", 200)
                        .path("client"))
                .isEqualTo(one.path("client"));
    }

    private List<String> relayed(String query) throws Exception {
        List<String> addresses = new ArrayList<>();
        api.answer("GET", "/allocations" + query, "", 200)
                .path("allocations")
                .forEach(each -> addresses.add(each.at("/relayed/0").asText()));
        return addresses;
    }

    private JsonNode allocation(TurnConnection client) throws Exception {
        return api.answer("GET", "/allocations?client=" + client.mapped(), "", 200)
                .at("/allocations/0");
    }

    private static void relay(TurnConnection client, int packets) {
        TransportAddress peer = TransportAddress.parse("127.0.0.9:9").orElseThrow();
        client.bindChannel(peer).await();
        for (int i = 0; i < packets; i++) {
            client.send(peer, ByteBuffer.allocate(100)).await();
        }
        // What comes after them has been counted after them.
        client.permit(peer.ip()).await();
    }

    @Test
    void anAllocationThatIsEndedIsGone() throws Exception {
        TurnConnection client = running.alice(Transport.UDP);
        String path = "/allocations/" + allocation(client).path("id").asText();

        JsonNode ended = api.answer("DELETE", path, "", 200);

        assertThat(ended.path("ended").asText()).isEqualTo(path.substring("/allocations/".length()));
        assertThat(api.answer("GET", "/allocations", "", 200).path("total").asInt())
                .isZero();
        assertThat(running.relay().totals().units()).isZero();
        api.answer("GET", path, "", 404);
        api.answer("DELETE", path, "", 404);
    }

    @Test
    void usersAreShownWithTheirQuotas() throws Exception {
        running.alice(Transport.UDP);
        running.alice(Transport.TCP);

        JsonNode users = api.answer("GET", "/users", "", 200);

        assertThat(users.path("total").asInt()).isEqualTo(1);
        assertThat(users.path("maxAllocationsPerUser").asInt()).isEqualTo(5);
        assertThat(users.at("/users/0/user").asText()).isEqualTo("alice");
        assertThat(users.at("/users/0/allocations").asInt()).isEqualTo(2);
        JsonNode summary = api.answer("GET", "/server", "", 200);
        assertThat(summary.at("/relay/mintsCredentials").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7:5060,            false, 'built-in deny 192.0.2.0/24 (Documentation (TEST-NET-1), RFC 5737)'",
        "127.0.0.9:5060,            true,  '--allow-peer 127.0.0.0/8'",
        "8.8.8.8:53,                true,  'no rule denies it'",
    })
    void theRuleAboutAPeerIsTold(String peer, boolean isAllowed, String rule) throws Exception {
        JsonNode decision = api.answer("GET", "/policy?peer=" + peer, "", 200);

        assertThat(decision.path("allowed").asBoolean()).isEqualTo(isAllowed);
        assertThat(decision.path("rule").asText()).isEqualTo(rule);
    }

    @Test
    void aCredentialThatWasMintedOpensAnAllocation() throws Exception {
        JsonNode minted = api.answer("POST", "/credentials", "{\"user\": \"carol\", \"lifetimeSeconds\": 60}", 200);

        JsonNode server = minted.at("/iceServers/0");
        assertThat(server.path("username").asText()).endsWith(":carol");
        assertThat(server.path("urls"))
                .hasSize(2)
                .anySatisfy(url -> assertThat(url.asText())
                        .isEqualTo("turn:" + running.address(Transport.UDP) + "?transport=udp"));
        running.client(
                        Transport.UDP,
                        new LongTermCredential(
                                server.path("username").asText(),
                                server.path("credential").asText()))
                .await();
        assertThat(api.answer("GET", "/users", "", 200).at("/users/0/user").asText())
                .isEqualTo("carol");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /allocations?usr=a,            '',                                400",
        "GET,    /allocations?limit=0,          '',                                400",
        "GET,    /allocations?client=a.example, '',                                400",
        "GET,    /allocations?transport=sctp,   '',                                400",
        "GET,    /allocations/1,                '',                                404",
        "GET,    /policy,                       '',                                400",
        "GET,    /policy?peer=turn.example:5,   '',                                400",
        "POST,   /credentials,                  '{\"lifetimeSeconds\": 0}',        400",
        "POST,   /credentials,                  '{\"lifetimeSeconds\": 100000}',   400",
        "POST,   /credentials,                  '{\"user\": \"a\\u0000b\"}',       400",
        "POST,   /credentials,                  '{\"uris\": [\"http://a/\"]}',     400",
        "POST,   /credentials,                  '{\"ttl\": 5}',                    400",
    })
    void whatIsNoGoodIsRefusedWithTheMend(String method, String path, String body, int status) throws Exception {
        JsonNode error = api.answer(method, path, body, status).path("error");

        assertThat(error.path("message").asText()).contains(";");
    }

    @Test
    void theSummaryTellsTheTopUsers() throws Exception {
        TurnConnection client = running.alice(Transport.UDP);
        relay(client, 2);

        JsonNode summary = api.firstEvent();

        assertThat(api.document().problems("GET /events", 200, summary)).isEmpty();
        assertThat(summary.at("/relay/allocations").asInt()).isEqualTo(1);
        assertThat(summary.at("/relay/topUsers/0/user").asText()).isEqualTo("alice");
        assertThat(summary.at("/relay/topUsers/0/bytesToPeers").asLong()).isEqualTo(200);
        assertThat(summary.at("/flows/0/packets").asLong()).isEqualTo(2);
        assertThat(summary.at("/flows/0/bytes").asLong()).isEqualTo(200);
    }
}
