package dev.culvert.relay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.relay.core.ExclusivePorts;
import dev.culvert.relay.core.Ledger;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.testkit.Requirements;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The relay where Vert.x has no native transport. */
class PortableTransportTest {
    private static final TurnOptions UNFRAGMENTED =
            TurnOptions.defaults().withAllocate(AllocateOptions.defaults().withDontFragment());

    @Test
    void clientsRelayToEachOtherAndLeaveNothing() throws Exception {
        try (RunningRelay relay = RunningRelay.portable()) {
            TurnConnection one = relay.alice(Transport.UDP);
            TurnConnection other = relay.alice(Transport.TCP);
            CompletableFuture<String> arrived = new CompletableFuture<>();
            other.dataHandler((from, data) ->
                    arrived.complete(StandardCharsets.UTF_8.decode(data).toString()));
            other.permit(one.relayed().ip()).await();
            one.bindChannel(other.relayed()).await();

            one.send(other.relayed(), StandardCharsets.UTF_8.encode("hello")).await();

            assertThat(arrived.get(5, TimeUnit.SECONDS)).isEqualTo("hello");
            one.shutdown().await();
            other.shutdown().await();
            assertThat(relay.relay().totals()).isEqualTo(Ledger.Totals.ZERO);
        }
    }

    @Test
    @ExclusivePorts
    void portsOfOtherProgramsArePassedOver() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String range = taken.getLocalPort() + "-" + (taken.getLocalPort() + 3);
            try (RunningRelay relay = RunningRelay.portable("--relay-ports", range)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(relay.alice(Transport.UDP).relayed().port()).isNotEqualTo(taken.getLocalPort());
                }
                assertThatThrownBy(() -> relay.alice(Transport.UDP)).hasMessageContaining("508");
            }
        }
    }

    @Test
    void dontFragmentIsUnknownThere() {
        try (RunningRelay relay = RunningRelay.portable()) {
            assertThatThrownBy(() -> relay.alice(Transport.UDP, UNFRAGMENTED).await())
                    .hasMessageContaining("420");
        }
    }

    @Test
    void dontFragmentIsKnownOnLinux() {
        Requirements.linux();
        try (RunningRelay relay = RunningRelay.with()) {
            TurnConnection client = relay.alice(Transport.UDP, UNFRAGMENTED).await();

            assertThat(client.relayed()).isNotNull();
        }
    }
}
