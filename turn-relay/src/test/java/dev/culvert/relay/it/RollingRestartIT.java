package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.testkit.Requirements;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A fleet of two servers with the same users and nonce keys, of which one after the other is restarted under traffic. */
@Tag("portable")
@Isolated("it measures")
class RollingRestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final LongTermCredential ALICE =
            new LongTermCredential(TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final TurnServerOptions one = new TurnServerOptions();
    private final TurnServerOptions two = new TurnServerOptions();

    @BeforeEach
    void makeFleet() throws IOException {
        Requirements.linux(); // kill
        Path keys = Files.writeString(folder.resolve("nonce-keys"), "5".repeat(64) + "\n");
        for (TurnServerOptions each : List.of(one, two)) {
            TurnServerOptions other = each == one ? two : one;
            each.administered()
                    .with("--nonce-key-file", keys.toString(), "--allow-peer", "127.0.0.0/8")
                    .with("--drain-timeout", "30s", "--alternate-server", "127.0.0.1:" + other.port());
        }
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void clientsThatAllocateAgainLoseNothing() throws Exception {
        try (TurnServerUnderTest first = TurnServerUnderTest.start(one, folder);
                TurnServerUnderTest second = TurnServerUnderTest.start(two, folder);
                NumberedFlow udp = new NumberedFlow(vertx, open(TurnServerAddress.udp(first.address())));
                NumberedFlow tcp = new NumberedFlow(vertx, open(TurnServerAddress.tcp(first.address())))) {
            drain(first);
            thenFlowsMove(first, second, udp, tcp);

            try (TurnServerUnderTest restarted = TurnServerUnderTest.start(one, folder)) {
                drain(second);
                thenFlowsMove(second, restarted, udp, tcp);

                System.out.println(
                        "packets there and back during two restarts: udp " + udp.packets() + ", tcp " + tcp.packets());
                udp.stop();
                tcp.stop();
            }
        }
    }

    private TurnConnection open(TurnServerAddress server) {
        return TurnConnection.open(vertx, server, ALICE, TurnOptions.defaults()).await();
    }

    private static void drain(TurnServerUnderTest server) throws Exception {
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
        server.signal("TERM");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(server.get("/health/ready").statusCode()).isEqualTo(503));
    }

    /** What runs on the draining server goes on there until it goes to the other one by itself; then the server ends. */
    private void thenFlowsMove(
            TurnServerUnderTest draining, TurnServerUnderTest other, NumberedFlow udp, NumberedFlow tcp)
            throws Exception {
        udp.awaitMore(20);
        tcp.awaitMore(20);
        TurnConnection next = open(TurnServerAddress.udp(draining.address()));
        assertThat(next.server().address()).isEqualTo(other.address());
        udp.moveTo(next);
        udp.awaitMore(20);
        tcp.awaitMore(20);
        assertThat(draining.program().isRunning()).isTrue();

        tcp.moveTo(open(TurnServerAddress.tcp(draining.address())));

        assertThat(draining.program().exitCode(PATIENCE)).isZero();
        udp.awaitMore(20);
        tcp.awaitMore(20);
    }
}
