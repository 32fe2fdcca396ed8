package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What relaying a packet takes of the heap, with the sockets that make no objects. */
class PacketCostTest extends LoopbackTest {
    private static final int PACKETS = 4_000;

    /** System calls through method handles make objects until the JVM has compiled them. */
    private static final int MAX_RUNS = 30;

    /** Less than an object; what happens once a second must find room in it. */
    private static final double MAX_BYTES = 1;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Sends one packet and receives it at the other end. */
    @FunctionalInterface
    private interface Exchange {
        void run() throws Exception;
    }

    @Test
    void noPacketMakesAnObject() throws Exception {
        assumeTrue(
                isFast(),
                "skipped: Netty's sockets make objects; this needs the layer for Java 22 of the packaged jar");
        try (RelayClient client = client(Transport.UDP)) {
            TransportAddress relayed = client.allocate();
            client.permit(peer.address());
            byte[] indication = client.sendIndication(peer.address(), TEXT);
            measure("Send indication", () -> {
                client.send(indication);
                peer.receive();
            });
            measure("Data indication", () -> {
                peer.send(TEXT, relayed);
                client.receive();
            });

            client.bind(CHANNEL, peer.address());
            byte[] channelData = client.channelData(CHANNEL, TEXT, 0);
            measure("ChannelData to the peer", () -> {
                client.send(channelData);
                peer.receive();
            });
            measure("ChannelData to the client", () -> {
                peer.send(TEXT, relayed);
                client.receive();
            });
        }
    }

    private boolean isFast() {
        return relay.relay().transportName().startsWith("epoll with");
    }

    private void measure(String what, Exchange exchange) throws Exception {
        double bytes = Double.MAX_VALUE;
        for (int i = 0; i < MAX_RUNS && bytes > MAX_BYTES; i++) {
            long before = allocatedBytes();
            run(exchange);
            bytes = (double) (allocatedBytes() - before) / PACKETS;
        }
        System.out.printf("%s: %.2f bytes of heap a packet%n", what, bytes);
        assertThat(bytes).as(what).isLessThan(MAX_BYTES);
    }

    private static void run(Exchange exchange) throws Exception {
        for (int i = 0; i < PACKETS; i++) {
            exchange.run();
        }
    }

    /** By all event loops, of which one has the client and its relay port. */
    private long allocatedBytes() {
        long[] loops = Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().startsWith("vert.x-eventloop"))
                .mapToLong(thread -> thread.getThreadId())
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(loops)).sum();
    }
}
