package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;

/** Numbered packets through an allocation to a peer that sends them back: which of them came, and whether one came twice. */
final class NumberedFlow implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PACKET_BYTES = 200;
    private static final long PERIOD_MILLIS = 5;
    private static final int PACKETS_PER_PERIOD = 2;

    /** What is under way at once, so that a slow machine drops nothing before the server does. */
    private static final int MAX_UNDER_WAY = 64;

    private final Vertx vertx;
    private final EchoPeer echo;
    private final TransportAddress peer;
    private final long timer;

    /** Guarded by {@code this}, as are the next three. */
    private final BitSet arrived = new BitSet();

    private TurnConnection connection;
    private int sent;
    private int twice;

    /** Begins to send. */
    NumberedFlow(Vertx vertx, TurnConnection connection) throws IOException {
        this.vertx = vertx;
        this.echo = new EchoPeer("127.0.0.2");
        this.peer = TransportAddress.parse(echo.address() + ":" + echo.port()).orElseThrow();
        this.connection = connection;
        join(connection);
        this.timer = vertx.setPeriodic(PERIOD_MILLIS, due -> send());
    }

    private void join(TurnConnection next) {
        next.dataHandler((from, data) -> take(data.getInt(data.position())));
        next.bindChannel(peer).await();
    }

    private synchronized void send() {
        for (int i = 0; i < PACKETS_PER_PERIOD && sent - arrived.cardinality() < MAX_UNDER_WAY; i++) {
            connection.send(peer, ByteBuffer.allocate(PACKET_BYTES).putInt(0, sent));
            sent++;
        }
    }

    private synchronized void take(int number) {
        twice += arrived.get(number) ? 1 : 0;
        arrived.set(number);
    }

    /** Goes on with another allocation, and gives up the one before once all of its packets have come. */
    void moveTo(TurnConnection next) {
        join(next);
        TurnConnection before;
        int untilNow;
        synchronized (this) {
            before = connection;
            connection = next;
            untilNow = sent;
        }
        awaitAll(untilNow);
        before.shutdown().await();
    }

    /** Waits until another {@code count} packets have been there and back. */
    void awaitMore(int count) {
        int wanted = packets() + count;
        await().atMost(PATIENCE).until(() -> packets() >= wanted);
    }

    /** How many packets have been there and back. */
    synchronized int packets() {
        return arrived.cardinality();
    }

    private void awaitAll(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            synchronized (this) {
                assertThat(arrived.nextClearBit(0)).isGreaterThanOrEqualTo(count);
            }
        });
    }

    /** Sends no more; an error where a packet was lost, or came twice. */
    void stop() {
        vertx.cancelTimer(timer);
        int all;
        synchronized (this) {
            all = sent;
        }
        awaitAll(all);
        synchronized (this) {
            assertThat(twice).isZero();
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        synchronized (this) {
            connection.close();
        }
        echo.close();
    }
}
