package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.TurnConfig;
import dev.culvert.relay.TurnRelay;
import dev.culvert.relay.junit.TurnTestServer;
import dev.culvert.relay.junit.WithTurnServer;
import dev.culvert.stun.StunUri;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

@WithTurnServer
class RelayedTest {
    @Test
    void extensionGivesAServer(TurnTestServer server) {
        Vertx vertx = Vertx.vertx();
        try (TurnConnection client = TurnConnection.open(
                        vertx, server.turnUri(), server.user(), TurnOptions.defaults())
                .await()) {
            assertEquals(client.relayed(), server.allocations().get(0).relayed().get(0));
        } finally {
            vertx.close();
        }
    }

    @Test
    void serverRunsInTheProgram() {
        TurnConfig config = TurnConfig.builder()
                .listen("udp:127.0.0.1:0")
                .realm("example.org")
                .user("alice", "wonderland")
                .build();
        TurnRelay relay = TurnRelay.start(config).await();

        assertEquals(StunUri.Scheme.TURN, StunUri.parse(relay.uris().get(0)).scheme());
        relay.shutdown().await();
    }
}
