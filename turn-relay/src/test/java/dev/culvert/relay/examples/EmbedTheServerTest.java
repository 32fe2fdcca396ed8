package dev.culvert.relay.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.TurnConfig;
import dev.culvert.relay.TurnRelay;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.server.StunService;
import dev.culvert.server.config.InvalidConfigurationException;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.BindFailedException;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of docs/embedding.md run, and what it says holds. */
@Timeout(60)
class EmbedTheServerTest {
    private static final LongTermCredential ALICE = new LongTermCredential("alice", "wonderland");
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void stop() {
        VERTX.close().await();
    }

    /** A port that the system picked may be among the relay ports by default. */
    private static TurnConfig.Builder at(TransportAddress taken) {
        return TurnConfig.builder()
                .listen("udp:" + taken)
                .realm("example.org")
                .user("alice", "wonderland")
                .relayPorts(20_000, 30_000);
    }

    private static TurnConfig.Builder loopback() {
        return TurnConfig.builder().listen("udp:127.0.0.1:0").realm("example.org");
    }

    private static Future<TurnConnection> allocate(TurnRelay relay, LongTermCredential user) {
        StunUri uri = StunUri.parse(relay.uris().get(0));
        return TurnConnection.open(VERTX, uri, user, TurnOptions.defaults());
    }

    @Test
    void serverStartsIsUsedReloadedAndEnds() throws Exception {
        TurnRelay relay =
                TurnRelay.start(loopback().user("alice", "wonderland").build()).await();
        TransportAddress address = relay.address(Transport.UDP);
        LongTermCredential bob = new LongTermCredential("bob", "builder");

        try (TurnConnection alice = allocate(relay, ALICE).await()) {
            AllocationView allocation = relay.allocations().await().get(0);

            assertThat(allocation.username()).isEqualTo("alice");
            assertThat(allocation.relayed()).containsExactly(alice.relayed());
            assertThatThrownBy(() -> allocate(relay, bob).await()).hasMessageContaining("401");
        }
        EmbedTheServer.allowMore(relay).await();
        try (TurnConnection later = allocate(relay, bob).await()) {
            Future<Void> drained = relay.drain();

            assertThat(relay.isReady()).isFalse();
            assertThat(drained.isComplete()).isFalse();
            later.shutdown().await();
            drained.await();
        }
        relay.shutdown().await();
        TurnRelay.start(at(address).build()).await().shutdown().await();
    }

    @Test
    void programGivesPasswordsAndCountsInItsOwnRegistry() {
        TurnConfig config = EmbedTheServer.usersOfTheProgram(Map.of("alice", "wonderland"));
        MeterRegistry registry = new SimpleMeterRegistry();
        TurnRelay relay = EmbedTheServer.startBeside(VERTX, config, registry).await();

        try (TurnConnection alice = allocate(relay, ALICE).await()) {
            assertThat(alice.relayed().port()).isPositive();
            assertThatThrownBy(() ->
                            allocate(relay, new LongTermCredential("bob", "x")).await())
                    .hasMessageContaining("401");
            await().untilAsserted(() -> assertThat(
                            registry.get("culvert.allocations").gauge().value())
                    .isEqualTo(1));
            assertThat(registry.get("culvert.ready").gauge().value()).isEqualTo(1);
        }
        relay.shutdown().await();
        assertThat(VERTX.executeBlocking(() -> "the program's Vert.x stays open")
                        .await())
                .isNotEmpty();
    }

    @Test
    void whatCannotBeIsToldAtOnceAndChangesNothing() throws Exception {
        TurnRelay relay =
                TurnRelay.start(loopback().user("alice", "wonderland").build()).await();

        assertThatThrownBy(() -> loopback().option("max-lifetime", "soon").build())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("max-lifetime \"soon\"")
                .hasMessageContaining("nobody is known");
        assertThatThrownBy(() -> loopback().option("max-alocations", "1")).hasMessageContaining("max-allocations");
        assertThatThrownBy(() -> loopback().option("admin", "off")).hasMessageContaining("program");
        assertThatThrownBy(
                        () -> TurnRelay.start(at(relay.address(Transport.UDP)).build())
                                .await())
                .isInstanceOf(BindFailedException.class);
        TurnConfig moved = TurnConfig.builder()
                .listen("udp:127.0.0.1:0", "tcp:127.0.0.1:0")
                .realm("example.org")
                .user("bob", "builder")
                .build();
        assertThatThrownBy(() -> relay.reload(moved).await())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("listen: cannot change while the server runs; start another one");
        assertThat(allocate(relay, ALICE).await().relayed()).isNotNull();
        relay.close();
    }

    @Test
    void examplesPrintWhatThePageSays() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(System.out);
            EmbedTheServer.runForAWhile();
            EmbedTheServer.tellWhatIsWrong();
            StunService stun = EmbedTheServer.stunOnly(VERTX).await();
            stun.close().await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList())
                .anySatisfy(line -> assertThat(line).matches("\\[turn:127.0.0.1:\\d+\\?transport=udp] for \\d+:alice"))
                .anySatisfy(line -> assertThat(line).startsWith("listen \"udp:127.0.0.1\": the port is missing"))
                .anySatisfy(line -> assertThat(line).matches("listening \\[udp 127.0.0.1:\\d+]"));
    }
}
