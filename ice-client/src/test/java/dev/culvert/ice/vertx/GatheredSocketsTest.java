package dev.culvert.ice.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Vertx;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sockets of a gathering, as the session uses them. */
class GatheredSocketsTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @Test
    void datagramsOfAnyLengthComeWhole() throws Exception {
        List<Integer> lengths = new CopyOnWriteArrayList<>();
        LocalInterface loopback = new LocalInterface(
                "lo",
                LocalInterface.Kind.LOOPBACK,
                List.of(LocalAddress.of(IpAddress.parse("127.0.0.1").orElseThrow())));
        IceGatheringOptions options = IceGatheringOptions.builder()
                .interfaces(() -> List.of(loopback))
                .gather(core -> core.addresses(AddressPolicy.all().withDangerLoopback()))
                .build();
        try (IceGathering gathering = IceGathering.start(vertx, options, event -> {});
                DatagramSocket peer = new DatagramSocket()) {
            gathering.dataHandler((local, from, data) -> lengths.add(data.remaining()));
            Candidate host = gathering.complete().await().get(0);
            TransportAddress to = host.address().transportAddress().orElseThrow();

            for (int length : List.of(1, 2049, 9000, 60_000)) {
                byte[] payload = new byte[length];
                Arrays.fill(payload, (byte) 0xFF);
                peer.send(new DatagramPacket(payload, length, to.toInetSocketAddress()));
            }

            await().untilAsserted(() -> assertThat(lengths).containsExactly(1, 2049, 9000, 60_000));
        }
    }
}
