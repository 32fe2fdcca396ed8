package dev.culvert.relay.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.junit.TurnServerExtension;
import dev.culvert.relay.junit.TurnServerSettings;
import dev.culvert.relay.junit.TurnTestServer;
import dev.culvert.stun.StunMethod;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegisteredTest {
    @RegisterExtension
    static final TurnServerExtension TURN = TurnServerExtension.with(new TurnServerSettings()
            .realm("calls.example")
            .user("alice", "wonderland")
            .user("bob", "builder")
            .option("max-allocations-per-user", "1"));

    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void quotaOfTheServerHolds() {
        TurnTestServer server = TURN.server();
        TurnConnection.open(VERTX, server.turnUri(), server.user(), TurnOptions.defaults())
                .await();

        assertThatThrownBy(() -> TurnConnection.open(VERTX, server.turnUri(), server.user(), TurnOptions.defaults())
                        .await())
                .hasMessageContaining("486");
    }

    @Test
    void clientIsToldThatTheServerIsFull() {
        TURN.server().refuse(StunMethod.ALLOCATE, 508);

        assertThatThrownBy(() -> TurnConnection.open(
                                VERTX, TURN.server().turnUri(), TURN.server().user(), TurnOptions.defaults())
                        .await())
                .hasMessageContaining("508");
    }

    @Test
    void pageIsGivenTheServer() {
        assertThat(TURN.server().iceServers())
                .startsWith("[{\"urls\":[\"turn:127.0.0.1:")
                .endsWith("\"username\":\"alice\",\"credential\":\"wonderland\"}]");
    }
}
