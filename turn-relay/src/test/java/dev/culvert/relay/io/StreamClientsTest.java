package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients on TCP, with what only a stream can do. */
class StreamClientsTest {
    private static final String PEER = "127.0.0.2";
    private static final int LONGEST = TurnClient.MAX_PAYLOAD_LENGTH;

    private static DatagramSocket peer() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(PEER), 0));
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static TransportAddress address(DatagramSocket socket) {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Test
    void longestDatagramIsRelayedBothWays() throws Exception {
        try (RunningRelay relay = RunningRelay.with("--allow-peer", PEER + "/32");
                DatagramSocket peer = peer()) {
            TurnConnection client = relay.alice(Transport.TCP);
            LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
            client.dataHandler((from, data) -> received.add(copyOf(data)));
            client.bindChannel(address(peer)).await();
            byte[] sent = new byte[LONGEST];
            new Random(8656).nextBytes(sent);

            client.send(address(peer), ByteBuffer.wrap(sent)).await();
            DatagramPacket there = new DatagramPacket(new byte[LONGEST + 1], LONGEST + 1);
            peer.receive(there);
            peer.send(new DatagramPacket(there.getData(), there.getLength(), there.getSocketAddress()));

            assertThat(there.getLength()).isEqualTo(LONGEST);
            assertThat(Arrays.copyOf(there.getData(), LONGEST)).isEqualTo(sent);
            assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo(sent);
        }
    }

    private static byte[] copyOf(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    @Test
    void clientThatDoesNotReadLosesDataAndNobodyElseDoes() throws Exception {
        try (RunningRelay relay = RunningRelay.with("--allow-peer", PEER + "/32", "--threads", "1");
                DatagramSocket peer = peer();
                StalledProxy proxy = new StalledProxy(relay.address(Transport.TCP))) {
            TurnConnection stalled = relay.clientAt(proxy.address()).await();
            TurnConnection other = relay.alice(Transport.TCP);
            stalled.permit(address(peer).ip()).await();
            other.bindChannel(address(peer)).await();
            CompletableFuture<byte[]> arrived = new CompletableFuture<>();
            other.dataHandler((from, data) -> arrived.complete(copyOf(data)));
            proxy.stall();

            byte[] packet = new byte[1_200];
            InetSocketAddress to = stalled.relayed().toInetSocketAddress();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (int i = 0; i < 100; i++) {
                    peer.send(new DatagramPacket(packet, packet.length, to));
                }
                return relay.relay().value(RelayCounter.CLIENT_SEND_FAILURES) > 1_000;
            });
            other.send(address(peer), ByteBuffer.wrap(new byte[] {1, 2, 3})).await();
            DatagramPacket there = new DatagramPacket(new byte[10], 10);
            peer.receive(there);
            peer.send(there);

            assertThat(arrived.get(5, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void allocationEndsWithItsConnection() {
        try (RunningRelay relay = RunningRelay.with()) {
            Vertx own = Vertx.vertx();
            relay.client(own, Transport.TCP).await();
            assertThat(relay.relay().totals().units()).isEqualTo(1);

            own.close().await();

            await().untilAsserted(() -> assertThat(relay.relay().totals()).isEqualTo(Ledger.Totals.ZERO));
        }
    }

    @Test
    void silentConnectionWithAnAllocationStaysAndOneWithoutIsClosed() throws Exception {
        try (RunningRelay relay = RunningRelay.with("--idle-timeout", "300ms", "--allow-peer", PEER + "/32");
                DatagramSocket peer = peer();
                Socket silent = new Socket(
                        InetAddress.getLoopbackAddress(),
                        relay.address(Transport.TCP).port())) {
            TurnConnection client = relay.alice(Transport.TCP);
            client.permit(address(peer).ip()).await();
            CompletableFuture<byte[]> arrived = new CompletableFuture<>();
            client.dataHandler((from, data) -> arrived.complete(copyOf(data)));
            silent.setSoTimeout(5_000);

            // Both are silent while this waits, and the one without an allocation ends it.
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            byte[] late = {7};
            peer.send(new DatagramPacket(late, 1, client.relayed().toInetSocketAddress()));

            assertThat(arrived.get(5, TimeUnit.SECONDS)).isEqualTo(late);
        }
    }

    @Test
    void longMessageOfAStrangerClosesItsConnection() throws Exception {
        try (RunningRelay relay = RunningRelay.with();
                Socket stranger = new Socket(
                        InetAddress.getLoopbackAddress(),
                        relay.address(Transport.TCP).port())) {
            stranger.setSoTimeout(5_000);
            OutputStream out = stranger.getOutputStream();

            // ChannelData that claims 60,000 bytes.
            out.write(new byte[] {0x40, 0x00, (byte) 0xEA, 0x60});
            out.write(new byte[1_000]);

            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Stands between a client and the server, and stops carrying what the server says when told. */
    private static final class StalledProxy implements AutoCloseable {
        private final ServerSocket entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final TransportAddress server;
        private volatile boolean isStalled;

        StalledProxy(TransportAddress server) throws IOException {
            this.server = server;
            run(this::accept);
        }

        TransportAddress address() {
            return TransportAddress.of((InetSocketAddress) entrance.getLocalSocketAddress());
        }

        void stall() {
            isStalled = true;
        }

        private void accept() throws IOException {
            Socket client = entrance.accept();
            Socket behind = new Socket(server.ip().toInetAddress(), server.port());
            run(() -> client.getInputStream().transferTo(behind.getOutputStream()));
            byte[] buffer = new byte[4096];
            while (!isStalled) {
                int length = behind.getInputStream().read(buffer);
                if (length < 0) {
                    break;
                }
                client.getOutputStream().write(buffer, 0, length);
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void run(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // The test is over.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            entrance.close();
        }
    }
}
