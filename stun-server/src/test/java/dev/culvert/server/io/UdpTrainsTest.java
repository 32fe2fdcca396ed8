package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams of any length, in any order: each arrives once, whole, and in its place among those to one destination. */
class UdpTrainsTest {
    private static final int LONGEST = 65_507;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final ServerLoop loop = ServerLoop.of(vertx);
    private final List<Destination> destinations = new ArrayList<>();
    private final AtomicInteger arrived = new AtomicInteger();

    /** A socket that keeps what it gets, beside what was sent to it. */
    private final class Destination implements UdpPort.Receiver {
        private final List<ByteBuffer> expected = new ArrayList<>();
        private final List<ByteBuffer> received = new ArrayList<>();
        private final UdpPort port;

        Destination() throws Exception {
            port = loop.start(
                    loop.bind(
                            TransportAddress.of(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), freePort()))),
                    this);
        }

        @Override
        public void onDatagram(UdpPort at, ByteBuffer bytes, int offset, int lengthBytes, SourceAddress source) {
            byte[] data = new byte[lengthBytes];
            bytes.get(offset, data);
            received.add(ByteBuffer.wrap(data));
            arrived.incrementAndGet();
        }

        @Override
        public void onFailure(UdpPort at, Throwable cause) {
            received.add(ByteBuffer.wrap(cause.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void close() throws Exception {
        onLoop(() -> {
            destinations.forEach(destination -> destination.port.close());
            return true;
        });
        loop.release();
        vertx.close().await();
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.context().runOnContext(now -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(20, TimeUnit.SECONDS);
    }

    private void openDestinations(int count) throws Exception {
        onLoop(() -> {
            for (int i = 0; i < count; i++) {
                destinations.add(new Destination());
            }
            return true;
        });
    }

    /** Sends datagrams of these lengths, each to a destination of its own choice, in one batch, and awaits them. */
    private void exchange(List<Integer> lengths) throws Exception {
        int before = arrived.get();
        onLoop(() -> {
            UdpPort sender = destinations.get(0).port;
            for (int length : lengths) {
                Destination to = destinations.get(random.nextInt(destinations.size()));
                byte[] data = new byte[length];
                random.nextBytes(data);
                int split = random.nextInt(Math.min(length, 40) + 1);
                sender.send(
                        ByteBuffer.wrap(data, 0, split), ByteBuffer.wrap(data, split, length - split), to.port.local());
                to.expected.add(ByteBuffer.wrap(data));
            }
            loop.flush();
            return true;
        });
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(arrived.get() - before).as("seed %d", seed).isEqualTo(lengths.size()));
        for (Destination destination : destinations) {
            assertThat(destination.received).as("seed %d", seed).isEqualTo(destination.expected);
        }
    }

    private List<Integer> lengths(int count, int... choices) {
        return random.ints(count, 0, choices.length).mapToObj(i -> choices[i]).toList();
    }

    @Test
    void mixedLengthsKeepTheirOrder() throws Exception {
        openDestinations(3);

        for (int i = 0; i < 200; i++) {
            exchange(lengths(60, 0, 1, 2, 159, 160, 160, 160, 160, 161, 1199, 1200, 1232, 1233, 1472));
        }
    }

    @Test
    void trainsEndWithAnOddSegment() throws Exception {
        openDestinations(1);

        for (int last = 1; last <= 160; last++) {
            List<Integer> train = new ArrayList<>(Collections.nCopies(63, 160));
            train.add(last);
            exchange(train);
        }
    }

    @Test
    void longestDatagramsAndEmptyOnesGoWhole() throws Exception {
        openDestinations(2);

        exchange(List.of(LONGEST, 0, LONGEST, 1));
        exchange(List.of(0, 0, LONGEST, LONGEST - 1, 0));
    }

    @Test
    void moreDestinationsThanABatchHoldsAreAllReached() throws Exception {
        openDestinations(300);

        for (int i = 0; i < 10; i++) {
            exchange(lengths(900, 0, 1, 160, 160));
        }
    }

    @Test
    void moreDatagramsThanABatchHoldsAllLeave() throws Exception {
        openDestinations(16);

        exchange(lengths(1500, 1, 1, 1, 2));
    }

    @Test
    void moreBytesThanABatchCopiesAllLeave() throws Exception {
        openDestinations(16);

        exchange(lengths(400, 1200, 1200, 1100));
    }
}
