package dev.culvert.ice.gather;

import static dev.culvert.ice.gather.SimulatedGathering.networkInterface;
import static dev.culvert.ice.gather.SimulatedGathering.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.net.Link;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that gathers for all its calls at once, on one thread. */
class ManyGatherersTest {
    private static final int GATHERERS = 10_000;

    @Test
    void tenThousandGatherOnOneThreadAndStayAlive() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        network.internet().link(Link.withLatency(Duration.ofMillis(10)));
        new SimulatedServer(network.internet().host("server", "192.0.2.1"));
        GatherOptions options = GatherOptions.builder()
                .server(new GatherServer.Stun("stun:stun.example.org"))
                .server(turn("turn:turn.example.org"))
                .build();
        List<SimulatedGathering> all = new ArrayList<>();
        for (int i = 0; i < GATHERERS; i++) {
            String address = "198.18." + i / 250 + "." + (1 + i % 250);
            SimulatedHost host = network.internet().host(address, address);
            all.add(new SimulatedGathering(network, host, options, networkInterface("eth0", address))
                    .start()
                    .resolve(0, "192.0.2.1:3478")
                    .resolve(1, "192.0.2.1:3478"));
        }

        network.runFor(Duration.ofSeconds(40));

        assertThat(all).allSatisfy(gathering -> {
            assertThat(gathering.has(GatherEvent.Complete.class)).isTrue();
            assertThat(gathering.gatherer.candidates()).hasSize(2);
            assertThat(gathering.has(GatherEvent.Lost.class)).isFalse();
        });
    }
}
