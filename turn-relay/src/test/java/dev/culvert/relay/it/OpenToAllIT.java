package dev.culvert.relay.it;

import static dev.culvert.relay.it.PlainClient.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --insecure-no-auth}. */
class OpenToAllIT {
    @TempDir
    private Path folder;

    @Test
    void everybodyMayRelayAndTheStartSaysSo() throws Exception {
        TurnServerOptions options = new TurnServerOptions().openToAll().with("--allow-peer", "127.0.0.0/8");
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder);
                EchoPeer peer = new EchoPeer("127.0.0.2");
                PlainClient stranger = new PlainClient(Wire.udp(server.address()), Optional.empty())) {
            List<String> warnings = server.program()
                    .output()
                    .lines()
                    .filter(line -> line.contains("WARN"))
                    .toList();
            assertThat(warnings).hasSize(1);
            assertThat(warnings.get(0)).contains("--insecure-no-auth", "anybody");

            stranger.relayed();
            TransportAddress to =
                    TransportAddress.parse(peer.address() + ":" + peer.port()).orElseThrow();
            assertThat(stranger.bind(0x4000, to)).isEqualTo(SUCCESS);
            stranger.sendOnChannel(0x4000, new byte[10]);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(stranger.packets()).isEqualTo(1));
            assertThat(stranger.refresh(0)).isEqualTo(SUCCESS);
        }
    }
}
