package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whoever floods the admin server costs no relayed packet, and does not keep others from it for long. */
@Tag("portable")
@Isolated("it measures")
class ApiFloodIT {
    private static final int CHANNEL = 0x4000;
    private static final int PACKETS = 5000;
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FLOODERS = 16;
    private static final int MIN_CONNECTIONS = 500;
    private static final List<String> REQUESTS = List.of(
            "GET /api/v1/allocations HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "GET /api/v1/users HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "POST /api/v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\n\r\n{}",
            "no HTTP at all\r\n\r\n");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsLinux() {
        Requirements.linux();
    }

    @Test
    void relayedPacketsAllArriveWhileTheApiIsFlooded() throws Exception {
        TurnServerOptions options =
                new TurnServerOptions().administered().with("--allow-peer", "127.0.0.2/32", "--shared-secret", "north");
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient client = PlainClient.alice(server)) {
            client.relayed();
            TransportAddress to =
                    TransportAddress.parse("127.0.0.2:" + peer.port()).orElseThrow();
            assertThat(client.bind(CHANNEL, to)).isEqualTo(SUCCESS);

            long connections;
            long refused;
            try (Flood flood = new Flood(server.admin("/"))) {
                await().until(() -> flood.connections() > 0);
                send(client);
                connections = flood.connections();
                refused = flood.refused();
                assertThat(server.get("/health/live").statusCode())
                        .as("%s", server.program())
                        .isEqualTo(200);
            }

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.packets()).isEqualTo(PACKETS));
            System.out.printf(
                    "%d packets each way beside %d connections to the API, %d of them refused: none lost%n",
                    PACKETS, connections, refused);
            assertThat(peer.datagrams()).isEqualTo(PACKETS);
            assertThat(connections).isGreaterThan(MIN_CONNECTIONS);
        }
    }

    private static void send(PlainClient client) throws IOException {
        long started = System.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            LockSupport.parkNanos(started + i * BETWEEN_NANOS - System.nanoTime());
            client.sendOnChannel(CHANNEL, new byte[200]);
        }
    }

    /** Connects and asks as fast as it goes until it is closed; every other time it does not wait for the answer. */
    private static final class Flood implements AutoCloseable {
        private final AtomicLong connections = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean ends;

        Flood(URI admin) {
            for (int i = 0; i < FLOODERS; i++) {
                int first = i;
                threads.add(new Thread(() -> run(admin.getPort(), first), "flood-" + i));
            }
            threads.forEach(Thread::start);
        }

        private void run(int port, int first) {
            for (int i = first; !ends; i++) {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    connections.incrementAndGet();
                    socket.setSoTimeout(200);
                    socket.getOutputStream()
                            .write(REQUESTS.get(i % REQUESTS.size()).getBytes(StandardCharsets.US_ASCII));
                    if (i % 2 == 0) {
                        socket.getInputStream().readAllBytes();
                    }
                } catch (IOException e) {
                    refused.incrementAndGet();
                }
            }
        }

        long connections() {
            return connections.get();
        }

        /** Of those, how many were closed or left without an answer for a while. */
        long refused() {
            return refused.get();
        }

        @Override
        public void close() {
            ends = true;
            await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }
}
