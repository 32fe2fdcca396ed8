package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.server.config.ServerConfig.Transport;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AllocationCensusTest {
    private static final String PEER = "192.0.2.9:5000";

    private final RelayUnderTest relay = new RelayUnderTest();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.over(Transport.TLS, "198.51.100.8:40000", "bob", "hush");

    private void thenThereAre(Transport transport, long idle, long permitted, long bound) {
        assertThat(Stream.of(AllocationState.values())
                        .map(state -> relay.server.census().count(transport, state)))
                .as("idle, permitted, bound over %s", transport)
                .containsExactly(idle, permitted, bound);
    }

    @Test
    void anAllocationIsCountedByHowFarItsClientHasCome() {
        relay.allocate(alice);
        relay.allocate(bob);
        thenThereAre(Transport.UDP, 1, 0, 0);
        thenThereAre(Transport.TLS, 1, 0, 0);

        relay.grant(alice, Ask.createPermission(PEER));
        thenThereAre(Transport.UDP, 0, 1, 0);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        thenThereAre(Transport.UDP, 0, 0, 1);
        relay.grant(alice, Ask.refresh(3600));
        relay.passWithTimers(Duration.ofSeconds(590));
        relay.grant(alice, Ask.createPermission("192.0.2.10:1"));
        relay.passWithTimers(Duration.ofSeconds(20));
        thenThereAre(Transport.UDP, 0, 1, 0);
        relay.passWithTimers(Duration.ofSeconds(300));

        thenThereAre(Transport.UDP, 1, 0, 0);
    }

    @Test
    void whatHasEndedIsNotCounted() {
        relay.allocate(alice);
        relay.allocate(bob);
        relay.grant(alice, Ask.channelBind(0x4000, PEER));

        relay.grant(alice, Ask.refresh(0));
        relay.server.endAll(relay.clock.nowNanos(), relay.out);

        thenThereAre(Transport.UDP, 0, 0, 0);
        thenThereAre(Transport.TLS, 0, 0, 0);
    }
}
