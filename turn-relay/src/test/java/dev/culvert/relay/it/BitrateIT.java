package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A client that sends ten times what its allocation may relay, beside one that keeps to its share. */
@Isolated("it measures")
class BitrateIT {
    private static final int CHANNEL = 0x4000;
    private static final int PACKET_BYTES = 1000;
    /** 10 Mbit/s. */
    private static final long PACKETS_PER_SECOND = 1250;

    private static final int SECONDS = 4;
    /** 1 Mbit/s. */
    private static final long ALLOWED_BYTES_PER_SECOND = 125_000;

    /** The modest client sends one packet for so many of the greedy one: 0.5 Mbit/s, echoes included. */
    private static final int TO_ONE_MODEST = 40;

    private static final String DROPPED = "culvert_relay_over_allocation_bitrate_total";

    @TempDir
    private Path folder;

    @Test
    void aFloodGetsItsBitrateAndNoOtherAllocationFeelsIt() throws Exception {
        TurnServerOptions options = new TurnServerOptions()
                .administered()
                .with("--max-bitrate-per-allocation", "1Mbit", "--allow-peer", "127.0.0.0/8");
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                EchoPeer greedyPeer = new EchoPeer("127.0.0.2");
                EchoPeer modestPeer = new EchoPeer("127.0.0.3");
                PlainClient greedy = bound(server, greedyPeer);
                PlainClient modest = bound(server, modestPeer)) {
            assertThat(metric(server, DROPPED)).isZero();

            long sent = flood(greedy, modest);

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(modest.packets()).isEqualTo(sent / TO_ONE_MODEST));
            assertThat(modestPeer.datagrams()).isEqualTo(sent / TO_ONE_MODEST);
            long relayed = greedyPeer.bytes() + greedy.bytes();
            assertThat(relayed)
                    .isBetween(
                            ALLOWED_BYTES_PER_SECOND * SECONDS * 7 / 10, ALLOWED_BYTES_PER_SECOND * SECONDS * 15 / 10);
            // Of what went in, from the client and back from its peer, each packet was relayed or counted.
            long packetsIn = sent + greedyPeer.datagrams();
            assertThat(metric(server, DROPPED)).isEqualTo(packetsIn - relayed / PACKET_BYTES);
        }
    }

    private static PlainClient bound(TurnServerUnderTest server, EchoPeer peer) throws IOException {
        PlainClient client = PlainClient.alice(server);
        client.relayed();
        TransportAddress to =
                TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
        assertThat(client.bind(CHANNEL, to)).isEqualTo(SUCCESS);
        return client;
    }

    /** Returns how many packets the greedy client has sent. */
    private static long flood(PlainClient greedy, PlainClient modest) throws IOException {
        byte[] data = new byte[PACKET_BYTES];
        long started = System.nanoTime();
        long sent = 0;
        while (sent < PACKETS_PER_SECOND * SECONDS) {
            long dueNanos = started + sent * TimeUnit.SECONDS.toNanos(1) / PACKETS_PER_SECOND;
            LockSupport.parkNanos(dueNanos - System.nanoTime());
            greedy.sendOnChannel(CHANNEL, data);
            sent++;
            if (sent % TO_ONE_MODEST == 0) {
                modest.sendOnChannel(CHANNEL, data);
            }
        }
        return sent;
    }

    private static long metric(TurnServerUnderTest server, String name) throws Exception {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
