package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Thousands of allocations at once, each with a channel: all relay, and when they are closed nothing of them is left.
 * Prints what each costs.
 */
@Isolated("it measures")
class ManyAllocationsIT {
    private static final int WARM_UP = 500;
    private static final String PEER = "127.0.0.2";
    private static final String JAVA_HOME = System.getProperty("java.home");

    /** Of a Java object: a class, and how many there are of it. */
    private static final String OF_EACH_ALLOCATION = "dev.culvert.relay.core.Allocation";

    private static final String OF_EACH_PORT = "dev.culvert.relay.io.RelaySocket";

    @TempDir
    private Path folder;

    @BeforeEach
    void needsLinux() {
        Requirements.linux();
    }

    @Test
    void tenThousandAllocationsRelayAndLeaveNothingBehind() throws Exception {
        // Below the ports that the clients' own sockets get.
        relayAndLeaveNothingBehind(10_000, PEER + ":" + FreePort.pick(), new Range(10_000, 10_000));
    }

    @Test
    void allocationsThatSharePortsRelayAndLeaveNothingBehind() throws Exception {
        int mostPorts = 16 * Runtime.getRuntime().availableProcessors();

        relayAndLeaveNothingBehind(8000, PEER + ":0", new Range(1, mostPorts), "--relay-mode", "shared");
    }

    /** How many sockets there are for so many allocations. */
    private record Range(int least, int most) {}

    private void relayAndLeaveNothingBehind(int allocations, String peer, Range sockets, String... more)
            throws Exception {
        String many = Integer.toString(2 * allocations);
        TurnServerOptions options = new TurnServerOptions()
                .relayPorts(10_000, 32_767)
                .with("--unauthenticated-rate", "off", "--allow-peer", PEER + "/32", "--log-level", "warn")
                .with("--max-allocations", many, "--max-allocations-per-user", many)
                .with(more);
        try (TurnServerUnderTest server = TurnServerUnderTest.start(options, folder)) {
            try (Program clients = clients(server, WARM_UP, peer)) {
                tell(clients, WARM_UP, "allocate", "bind", "relay", "close");
            }
            awaitNothingLeft(server, 0);
            Footprint.Memory before = Footprint.memory(server);
            int descriptorsBefore = Footprint.descriptors(server);

            try (Program clients = clients(server, allocations, peer)) {
                tell(clients, allocations, "allocate", "bind", "relay", "relay");
                Footprint.Memory full = Footprint.memory(server);
                assertThat(Footprint.instances(server, OF_EACH_ALLOCATION)).isEqualTo(allocations);
                assertThat(Footprint.descriptors(server) - descriptorsBefore).isBetween(sockets.least, sockets.most);
                System.out.printf(
                        "each of %d allocations with a channel costs %d bytes of resident memory, %d of them heap%n",
                        allocations,
                        (full.residentBytes() - before.residentBytes()) / allocations,
                        (full.heapBytes() - before.heapBytes()) / allocations);
                tell(clients, allocations, "close");
            }

            awaitNothingLeft(server, descriptorsBefore);
            assertThat(Footprint.memory(server).heapBytes() - before.heapBytes())
                    .isLessThan(1 << 20);
        }
    }

    private Program clients(TurnServerUnderTest server, int count, String peer) throws IOException {
        return Program.start(
                Launcher.HERE,
                folder,
                "clients",
                List.of(
                        Path.of(JAVA_HOME, "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AllocationLoad.class.getName(),
                        server.host() + ":" + server.port(),
                        TurnServerUnderTest.USER,
                        TurnServerUnderTest.PASSWORD,
                        Integer.toString(count),
                        peer));
    }

    private static void tell(Program clients, int count, String... steps) throws IOException {
        for (String step : steps) {
            int before = clients.lines(step + " ").size();
            clients.tell(step);
            String done = clients.awaitLines(step + " ", before + 1).get(before);
            assertThat(done).as("%s: %s", step, clients).isEqualTo(Integer.toString(count));
        }
    }

    private static void awaitNothingLeft(TurnServerUnderTest server, int descriptorsBefore) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(Footprint.instances(server, OF_EACH_ALLOCATION)).isZero();
            assertThat(Footprint.instances(server, OF_EACH_PORT)).isZero();
            if (descriptorsBefore > 0) {
                assertThat(Footprint.descriptors(server)).isEqualTo(descriptorsBefore);
            }
        });
    }
}
