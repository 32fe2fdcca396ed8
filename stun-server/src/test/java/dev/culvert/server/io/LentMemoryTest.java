package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.config.ServerConfigs;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The buffers outside of the heap that a server takes for each event loop. */
class LentMemoryTest {
    private final Vertx vertx = Vertx.vertx();
    private final long before = usedBytes();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private static long usedBytes() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private void awaitAllGivenBack() {
        await().untilAsserted(() -> assertThat(usedBytes()).isLessThanOrEqualTo(before));
    }

    @Test
    void serverThatEndsGivesItBack() throws Exception {
        ServerConfig config =
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").build();
        try (TestServer server = new TestServer(vertx, config);
                UdpClient client = new UdpClient("127.0.0.1")) {
            client.send(StunBytes.bindingRequest(), server.only(Transport.UDP));
            client.receive();
            assertThat(usedBytes()).isGreaterThan(before);
        }

        awaitAllGivenBack();
    }

    @Test
    void serverWhosePortSomeoneHoldsGivesItBack() throws Exception {
        try (DatagramSocket holder = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            ServerConfig config = new ServerConfigs()
                    .andListening(Transport.UDP, "127.0.0.1", holder.getLocalPort())
                    .build();

            assertThatThrownBy(() -> StunServer.start(vertx, config).await()).isInstanceOf(BindFailedException.class);
        }

        awaitAllGivenBack();
    }

    @Test
    void serverWhoseServiceCannotBeMadeGivesItBack() {
        ServerConfig config =
                ServerConfigs.listening(Transport.UDP, "127.0.0.1").build();

        assertThatThrownBy(() -> StunServer.start(vertx, config, loop -> {
                            throw new IllegalArgumentException("no service");
                        })
                        .await())
                .hasMessage("no service");

        awaitAllGivenBack();
    }
}
