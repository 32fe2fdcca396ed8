package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a running relay does with another configuration. */
class LiveChangesTest {
    private static final byte[] TEXT = "some words".getBytes(StandardCharsets.UTF_8);
    private static final String PEERS = "127.0.0.0/8";

    @Test
    void aNewDenyEndsWhatItConcernsAtOnceAndNothingElse() throws Exception {
        try (RunningRelay relay = RunningRelay.with("--allow-peer", PEERS);
                LoopbackPeer denied = new LoopbackPeer();
                LoopbackPeer allowed = new LoopbackPeer()) {
            TurnConnection client = relay.alice(Transport.UDP);
            client.bindChannel(denied.address()).await();
            client.bindChannel(allowed.address()).await();
            thenArrives(client, denied);

            relay.reload(
                    "--allow-peer",
                    PEERS,
                    "--deny-peer",
                    "127.0.0.2/32:" + denied.address().port());

            await().untilAsserted(() -> {
                client.send(denied.address(), ByteBuffer.wrap(TEXT)).await();
                assertThat(relay.relay().value(RelayCounter.CHANNEL_DATA_DISCARDED))
                        .isPositive();
            });
            thenArrives(client, allowed);
            TurnConnection later = relay.alice(Transport.UDP);
            assertThatThrownBy(() -> later.bindChannel(denied.address()).await())
                    .hasMessageContaining("403");
            assertThat(relay.relay().value(RelayCounter.ALLOCATIONS_ENDED)).isZero();
        }
    }

    private static void thenArrives(TurnConnection client, LoopbackPeer peer) throws Exception {
        client.send(peer.address(), ByteBuffer.wrap(TEXT)).await();
        assertThat(peer.receive()).isEqualTo(TEXT);
    }

    @Test
    void runningAllocationsGetTheNewBitrate() throws Exception {
        try (RunningRelay relay = RunningRelay.with("--allow-peer", PEERS);
                LoopbackPeer peer = new LoopbackPeer()) {
            TurnConnection client = relay.alice(Transport.UDP);
            client.bindChannel(peer.address()).await();
            thenArrives(client, peer);

            relay.reload("--allow-peer", PEERS, "--max-bitrate-per-allocation", "8kbit");

            // What a bucket of this rate holds, and more.
            for (int i = 0; i < 80; i++) {
                client.send(peer.address(), ByteBuffer.allocate(1000)).await();
            }
            await().untilAsserted(() -> assertThat(relay.relay().value(RelayCounter.OVER_ALLOCATION_BITRATE))
                    .isPositive());
            relay.reload("--allow-peer", PEERS);
            while (peer.receive().length != TEXT.length) {
                client.send(peer.address(), ByteBuffer.wrap(TEXT)).await();
            }
        }
    }

    @Test
    void quotasHoldForNewAllocations() {
        try (RunningRelay relay = RunningRelay.with("--max-allocations-per-user", "1")) {
            TurnConnection first = relay.alice(Transport.UDP);
            assertThatThrownBy(() -> relay.alice(Transport.UDP)).hasMessageContaining("486");

            relay.reload("--max-allocations-per-user", "2");
            relay.alice(Transport.UDP);
            relay.reload("--max-allocations", "1");
            assertThatThrownBy(() -> relay.alice(Transport.UDP)).hasMessageContaining("508");

            assertThat(first.closed().isComplete()).isFalse();
            assertThat(relay.relay().value(RelayCounter.ALLOCATIONS_ENDED)).isZero();
        }
    }

    @Test
    void lifetimesHoldFromTheNextRequestOn() {
        TurnOptions hour =
                TurnOptions.defaults().withAllocate(AllocateOptions.defaults().withLifetimeSeconds(3600));
        try (RunningRelay relay = RunningRelay.with()) {
            relay.reload("--max-lifetime", "20m");

            TurnConnection client = relay.alice(Transport.UDP, hour).await();

            assertThat(client.allocated().lifetime()).isEqualTo(Duration.ofMinutes(20));
        }
    }

    @Test
    void usersComeAndGoAndRandomNonceKeysStay() throws Exception {
        LongTermCredential carol = new LongTermCredential("carol", "singer");
        try (RunningRelay relay = RunningRelay.with("--allow-peer", PEERS);
                LoopbackPeer peer = new LoopbackPeer()) {
            TurnConnection alice = relay.alice(Transport.UDP);
            assertThatThrownBy(() -> relay.client(Transport.UDP, carol).await()).hasMessageContaining("401");
            long failures = relay.relay().value(RelayCounter.AUTHENTICATION_FAILURES);

            relay.reload("--allow-peer", PEERS, "--user", "carol:singer");
            relay.client(Transport.UDP, carol).await();
            alice.bindChannel(peer.address()).await();

            // A nonce under another key would have been refused first.
            assertThat(relay.relay().value(RelayCounter.AUTHENTICATION_FAILURES))
                    .isEqualTo(failures);
            thenArrives(alice, peer);
        }
    }
}
