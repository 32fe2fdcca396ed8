package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.ConnectionLimits;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import dev.culvert.server.core.Counter;
import dev.culvert.stun.TransportAddress;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** 200,000 random and mutated packets per transport: the server still answers, keeps nothing, logs nothing. */
class HostilePacketsTest {
    private static final int PACKETS = 200_000;
    private static final int BATCH = 50;
    private static final long ALLOWED_GROWTH_BYTES = 4 << 20;

    private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

    private static Vertx vertx;
    private static TestServer server;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        LOGGED.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(LOGGED);
        TestCertificate certificate = TestCertificate.named("server.example.org", folder);
        ServerConfig config = ServerConfigs.listening(Transport.UDP, "127.0.0.1")
                .alternate("127.0.0.2")
                .receipts()
                .sipReflector()
                .andListening(Transport.TCP, "127.0.0.1", 0)
                .andListening(Transport.TLS, "127.0.0.1", 0)
                .identity(certificate.certificateFile(), certificate.keyFile())
                .connections(new ConnectionLimits(2_000, 2_000, Duration.ofMinutes(1), Duration.ofSeconds(5), false))
                .threads(2)
                .build();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        server = new TestServer(vertx, config);
    }

    @AfterAll
    static void close() {
        server.close();
        vertx.close().await();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(LOGGED);
    }

    @Test
    void datagrams() throws Exception {
        HostileBytes hostile = new HostileBytes(1);
        Footprint warm = Footprint.now();
        // Not 127.0.0.1: RESPONSE-PORT sends answers to any port of the asking address.
        try (UdpClient client = new UdpClient("127.0.0.5")) {
            for (int sent = 0; sent < PACKETS; sent += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    client.send(hostile.datagram(), server.only(Transport.UDP));
                }
                assertStillAnswers(client);
                warm = sent == PACKETS / 4 ? Footprint.now() : warm;
            }
        }

        assertThat(server.server().counters(Transport.UDP).value(Counter.MALFORMED))
                .isPositive();
        assertUnharmed(warm);
    }

    private static void assertStillAnswers(UdpClient client) throws IOException {
        byte[] request = StunBytes.bindingRequest();
        client.send(request, server.only(Transport.UDP));
        // Answers to hostile requests come first; a lost one of ours would end in the socket's timeout.
        while (!StunBytes.isAnswer(client.receive().bytes(), request)) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "TLS"})
    void streams(Transport transport) throws Exception {
        HostileBytes hostile = new HostileBytes(2);
        TransportAddress address = server.only(transport);
        Footprint warm = Footprint.now();
        int connections = 1;
        StreamClient client = StreamClient.connect(transport, address);
        for (int sent = 0; sent < PACKETS; sent += BATCH) {
            if (!survivesBatch(client, hostile)) {
                client.close();
                client = StreamClient.connect(transport, address);
                connections++;
            }
            warm = sent == PACKETS / 4 ? Footprint.now() : warm;
        }
        client.close();

        assertThat(connections).isBetween(100, 2_000);
        assertUnharmed(warm);
    }

    /** Sends a batch with a good request behind it; false where the server closed the connection instead of answering. */
    private static boolean survivesBatch(StreamClient client, HostileBytes hostile) throws IOException {
        byte[][] batch = new byte[BATCH + 1][];
        boolean breaks = false;
        for (int i = 0; i < BATCH; i++) {
            boolean broken = hostile.oneIn(400);
            batch[i] = broken ? hostile.brokenFrame() : hostile.frame();
            breaks |= broken;
        }
        batch[BATCH] = StunBytes.bindingRequest();
        try {
            client.send(StunBytes.concat(batch));
            while (!client.receive().hasTransactionId(StunBytes.transactionId(batch[BATCH]))) {
                Thread.onSpinWait();
            }
            assertThat(breaks).as("a broken frame was overlooked").isFalse();
            return true;
        } catch (IOException closed) {
            assertThat(breaks).as("closed without a broken frame: %s", closed).isTrue();
            return false;
        }
    }

    @Test
    void noiseInPlaceOfAHandshake() throws Exception {
        HostileBytes hostile = new HostileBytes(3);
        TransportAddress address = server.only(Transport.TLS);
        for (int i = 0; i < 1_000; i++) {
            try (StreamClient client = StreamClient.connect(Transport.TCP, address)) {
                client.send(hostile.noise(1 + i));
            }
        }
        try (StreamClient client = StreamClient.connect(Transport.TLS, address)) {
            client.send(StunBytes.bindingRequest());

            assertThat(client.receive().hasTransactionId(StunBytes.transactionId(StunBytes.bindingRequest())))
                    .isFalse();
        }
        assertUnharmed(Footprint.now());
    }

    private static void assertUnharmed(Footprint warm) {
        Footprint now = Footprint.now();
        assertThat(now.heapBytes() - warm.heapBytes()).as("heap").isLessThan(ALLOWED_GROWTH_BYTES);
        assertThat(now.directBytes() - warm.directBytes()).as("direct memory").isLessThan(ALLOWED_GROWTH_BYTES);
        assertThat(server.server().counters().value(Counter.UNEXPECTED_FAILURES))
                .isZero();
        assertThat(LOGGED.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    /** What is in use after a garbage collection. */
    private record Footprint(long heapBytes, long directBytes) {
        static Footprint now() {
            System.gc();
            long pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Footprint(heap, pools + Math.max(0, PlatformDependent.usedDirectMemory()));
        }
    }
}
