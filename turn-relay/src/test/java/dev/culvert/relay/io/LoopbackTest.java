package dev.culvert.relay.io;

import dev.culvert.server.config.ServerConfig.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server on real sockets, and a peer. */
abstract class LoopbackTest {
    static final int CHANNEL = 0x4000;
    static final byte[] TEXT = "some words".getBytes(StandardCharsets.UTF_8);

    OpenRelay relay;
    LoopbackPeer peer;

    @BeforeEach
    void open() throws Exception {
        relay = OpenRelay.start();
        peer = new LoopbackPeer();
    }

    @AfterEach
    void close() {
        peer.close();
        relay.close();
    }

    RelayClient client(Transport transport) throws IOException {
        return RelayClient.to(relay, transport);
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }
}
