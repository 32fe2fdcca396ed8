package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A quiet allocation beside one whose client or peer sends as fast as it can. Prints what the quiet one feels of it. */
@Isolated("it measures")
class FairnessIT {
    private static final int CHANNEL = 0x4000;
    private static final int PACKETS = 600;
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final int FLOOD_BYTES = 160;

    /** Leaves room for the scheduling of a busy machine; a loop that stays with the flood has no bound. */
    private static final double MAX_P99_MILLIS = 200;

    private static final double MAX_P99_MILLIS_IN_ONE_BUFFER = 1000;
    private static final int MIN_ARRIVED = PACKETS * 99 / 100;
    private static final int MIN_ARRIVED_IN_ONE_BUFFER = PACKETS * 3 / 4;
    private static final long MIN_FLOOD = 20_000;
    private static final long MAX_HEAP_GROWTH_BYTES = 8 << 20;
    private static final long MAX_GROWTH_BYTES = 100 << 20;

    @TempDir
    private Path folder;

    /** What floods the server. */
    private enum Flood {
        CLIENT,
        CLIENT_WHOSE_PEER_IS_CLOSED,
        PEER
    }

    @BeforeEach
    void needsLinux() {
        Requirements.linux();
    }

    @ParameterizedTest
    @CsvSource({
        // Both come to the same socket, whose buffer is the kernel's: no more than a part is lost in it.
        "CLIENT, udp, false",
        // Each of these fills the buffer of a socket of its own, and the event loop must not stay there.
        "CLIENT, tcp, true",
        "CLIENT_WHOSE_PEER_IS_CLOSED, tcp, true",
        "PEER, udp, true",
    })
    void quietAllocationHardlyFeelsAFlood(Flood kind, String transport, boolean isSlow) throws Exception {
        // One event loop, which both allocations share.
        TurnServerOptions options = new TurnServerOptions().with("--threads", "1", "--allow-peer", "127.0.0.0/8");
        if (isSlow) {
            // The server's own code is interpreted: whatever floods it is faster.
            options.prefixed("env", "JAVA_TOOL_OPTIONS=-Xint");
        }
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                DatagramSocket floodPeer = peer("127.0.0.2");
                DatagramSocket quietPeer = peer("127.0.0.3");
                PlainClient flooder = PlainClient.alice(server);
                PlainClient quiet = quiet(server, transport)) {
            boolean isClosed = kind == Flood.CLIENT_WHOSE_PEER_IS_CLOSED;
            TransportAddress relayed = bound(flooder, isClosed ? nobody() : address(floodPeer));
            bound(quiet, address(quietPeer));
            Delays alone = delays(quiet, quietPeer);
            Footprint.Memory before = Footprint.memory(server);

            Delays beside;
            Footprint.Memory after;
            long flooded;
            try (Flooding flood = new Flooding(flood(kind, flooder, floodPeer, relayed))) {
                await().until(() -> flood.sent() > MIN_FLOOD);
                long sent = flood.sent();
                beside = delays(quiet, quietPeer);
                flooded = flood.sent() - sent;
                after = Footprint.memory(server);
            }

            System.out.printf(
                    "beside a flood of %d packets by %s, quiet by %s%s: %s; alone: %s; resident %d MiB, before %d MiB%n",
                    flooded,
                    kind,
                    transport,
                    isSlow ? ", server slow" : "",
                    beside,
                    alone,
                    after.residentBytes() >> 20,
                    before.residentBytes() >> 20);
            assertThat(flooded).isGreaterThan(MIN_FLOOD);
            assertThat(beside.millis(0.99)).isLessThan(isSlow ? MAX_P99_MILLIS : MAX_P99_MILLIS_IN_ONE_BUFFER);
            assertThat(beside.arrived()).isGreaterThanOrEqualTo(isSlow ? MIN_ARRIVED : MIN_ARRIVED_IN_ONE_BUFFER);
            assertThat(after.heapBytes() - before.heapBytes()).isLessThan(MAX_HEAP_GROWTH_BYTES);
            assertThat(after.residentBytes() - before.residentBytes()).isLessThan(MAX_GROWTH_BYTES);
        }
    }

    private static PlainClient quiet(TurnServerUnderTest server, String transport) throws IOException {
        return transport.equals("udp")
                ? PlainClient.alice(server)
                : PlainClient.tcp(server, TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD);
    }

    private static DatagramSocket peer(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address));
        socket.setSoTimeout(1000);
        return socket;
    }

    private static TransportAddress bound(PlainClient client, TransportAddress peer) throws IOException {
        TransportAddress relayed = client.relayed();
        assertThat(client.bind(CHANNEL, peer)).isEqualTo(SUCCESS);
        return relayed;
    }

    private static TransportAddress address(DatagramSocket peer) {
        return TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
    }

    private static TransportAddress nobody() {
        return TransportAddress.parse("127.0.0.4:" + FreePort.pick()).orElseThrow();
    }

    private static Sending flood(Flood kind, PlainClient client, DatagramSocket peer, TransportAddress relayed) {
        byte[] data = new byte[FLOOD_BYTES];
        if (kind != Flood.PEER) {
            return () -> client.sendOnChannel(CHANNEL, data);
        }
        DatagramPacket packet = new DatagramPacket(data, data.length, relayed.toInetSocketAddress());
        return () -> peer.send(packet);
    }

    /** Sends one packet. */
    private interface Sending {
        void run() throws IOException;
    }

    /** Sends until it is closed. */
    private static final class Flooding implements AutoCloseable {
        private final AtomicLong sent = new AtomicLong();
        private final Thread thread;
        private volatile boolean ends;

        Flooding(Sending sending) {
            thread = new Thread(() -> run(sending), "flood");
            thread.start();
        }

        private void run(Sending sending) {
            while (!ends) {
                try {
                    sending.run();
                    sent.incrementAndGet();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }

        long sent() {
            return sent.get();
        }

        @Override
        public void close() {
            ends = true;
            await().until(() -> !thread.isAlive());
        }
    }

    /** How long packets took that arrived, in ascending order. */
    private record Delays(long[] nanos) {
        int arrived() {
            return nanos.length;
        }

        double millis(double quantile) {
            return nanos.length == 0 ? Double.POSITIVE_INFINITY : nanos[(int) (quantile * (nanos.length - 1))] / 1e6;
        }

        @Override
        public String toString() {
            return "%.2f ms p50, %.2f ms p99, %.2f ms longest, %d of %d lost"
                    .formatted(millis(0.5), millis(0.99), millis(1), PACKETS - nanos.length, PACKETS);
        }
    }

    /** Has a client send to its peer now and then, and measures how long each packet takes. */
    private static Delays delays(PlainClient client, DatagramSocket peer) throws Exception {
        CompletableFuture<Delays> received = CompletableFuture.supplyAsync(() -> receive(peer));
        long started = System.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            LockSupport.parkNanos(started + i * BETWEEN_NANOS - System.nanoTime());
            ByteBuffer data = ByteBuffer.allocate(20).putInt(i).putLong(System.nanoTime());
            client.sendOnChannel(CHANNEL, data.array());
        }
        return received.get(10, TimeUnit.SECONDS);
    }

    /** Until all are there, or nothing comes for a second. */
    private static Delays receive(DatagramSocket peer) {
        long[] nanos = new long[PACKETS];
        int arrived = 0;
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        try {
            while (arrived < PACKETS) {
                peer.receive(packet);
                nanos[arrived++] =
                        System.nanoTime() - ByteBuffer.wrap(packet.getData()).getLong(4);
            }
        } catch (SocketTimeoutException lost) {
            // Those that are missing are counted.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long[] sorted = Arrays.copyOf(nanos, arrived);
        Arrays.sort(sorted);
        return new Delays(sorted);
    }
}
