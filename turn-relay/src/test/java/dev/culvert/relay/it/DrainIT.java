package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static dev.culvert.relay.it.PlainClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was told to end while a client relays. */
@Tag("portable")
class DrainIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TRY_ALTERNATE = 300;
    private static final int INSUFFICIENT_CAPACITY = 508;
    private static final int CHANNEL = 0x4000;

    @TempDir
    private Path folder;

    @BeforeEach
    void needsKill() {
        Requirements.linux();
    }

    @Test
    void newClientsGoElsewhereAndTheOldOneGoesOnUntilItIsDone() throws Exception {
        TurnServerOptions options =
                options("--alternate-server", "127.0.0.9:3479,turn.example.org", "--drain-timeout", "60s");
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient old = PlainClient.alice(server);
                PlainClient oldOverTcp = alice(server)) {
            bind(old, peer);
            bind(oldOverTcp, peer);
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);

            server.signal("TERM");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(codeFor(server)).isEqualTo(TRY_ALTERNATE));
            try (PlainClient newOverTcp = alice(server)) {
                StunMessage answer = newOverTcp.allocate();
                assertThat(code(answer)).isEqualTo(TRY_ALTERNATE);
                assertThat(answer.get(AlternateServer.TYPE))
                        .map(AlternateServer::address)
                        .map(TransportAddress::toString)
                        .contains("127.0.0.9:3479");
                assertThat(answer.get(AlternateDomain.TYPE)).contains(new AlternateDomain("turn.example.org"));
            }
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            for (PlainClient client : new PlainClient[] {old, oldOverTcp}) {
                echo(client);
                assertThat(client.refresh(600)).isEqualTo(SUCCESS);
                bind(client, peer);
                echo(client);
                assertThat(server.program().isRunning()).isTrue();
                assertThat(client.refresh(0)).isEqualTo(SUCCESS);
            }
            assertThat(server.program().exitCode(PATIENCE)).isZero();
        }
    }

    @Test
    void withoutAlternateNewClientsAreRefusedAndTheTimeoutEndsTheOldOne() throws Exception {
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options("--drain-timeout", "3s"), folder);
                EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient old = PlainClient.alice(server)) {
            bind(old, peer);
            long started = System.nanoTime();

            server.signal("TERM");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(codeFor(server)).isEqualTo(INSUFFICIENT_CAPACITY));
            echo(old);
            assertThat(server.program().exitCode(PATIENCE)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(9));
            assertThat(server.program().output())
                    .contains(
                            "waiting at most 3 s for 1 allocation",
                            "the drain timeout is over: ending 1 allocation",
                            "reason=shut-down");
        }
    }

    private static TurnServerOptions options(String... more) {
        return new TurnServerOptions()
                .administered()
                .with("--allow-peer", "127.0.0.0/8")
                .with(more);
    }

    private static PlainClient alice(TurnServerUnderTest server) throws IOException {
        return PlainClient.tcp(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
    }

    /** Binds a channel to the peer, with an allocation first where there is none. */
    private static void bind(PlainClient client, EchoPeer peer) throws IOException {
        if (client.packets() == 0) {
            client.relayed();
        }
        TransportAddress to =
                TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
        assertThat(client.bind(CHANNEL, to)).isEqualTo(SUCCESS);
        echo(client);
    }

    private static void echo(PlainClient client) throws IOException {
        long before = client.packets();
        client.sendOnChannel(CHANNEL, new byte[100]);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.packets()).isEqualTo(before + 1));
    }

    private static int codeFor(TurnServerUnderTest server) throws IOException {
        try (PlainClient client = PlainClient.alice(server)) {
            int code = code(client.allocate());
            if (code == SUCCESS) {
                client.refresh(0);
            }
            return code;
        }
    }
}
