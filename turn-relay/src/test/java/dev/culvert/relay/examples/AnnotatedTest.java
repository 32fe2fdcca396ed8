package dev.culvert.relay.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.junit.TurnTestServer;
import dev.culvert.relay.junit.WithTurnServer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

@WithTurnServer
class AnnotatedTest {
    @Test
    void clientGetsAnAllocation(TurnTestServer server) {
        Vertx vertx = Vertx.vertx();

        try (TurnConnection client = TurnConnection.open(vertx, server.turnUri(), server.user(), TurnOptions.defaults())
                .await()) {
            assertThat(server.allocations()).hasSize(1);
            assertThat(client.relayed().ip()).hasToString("127.0.0.1");
        } finally {
            vertx.close();
        }
    }
}
