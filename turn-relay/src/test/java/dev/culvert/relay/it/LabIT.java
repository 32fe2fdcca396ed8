package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests with one relay, one client, and peers, each on a host of its own in a {@link PeerLab}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LabIT {
    static final int SMALL = 100;
    static final String PEER = DeniedPeers.at(DeniedPeers.ip(PeerLab.PEER), 7000);
    static final String PEER_V6 = DeniedPeers.at(DeniedPeers.ip(PeerLab.PEER_V6), 7000);

    Path folder;
    PeerLab lab;
    Puppet peers;
    TurnServerUnderTest relay;
    Puppet client;

    /** Of {@link #client}, IPv4 first. */
    List<String> relayed = List.of();

    /** What had arrived before the test. */
    private final Map<String, Integer> heard = new HashMap<>();

    private int heardByClient;

    @BeforeAll
    void startAll(@TempDir Path ownFolder) throws IOException {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
        folder = ownFolder;
        lab = new PeerLab();
        prepare();
        peers = PeerLab.peers(lab.peers(), folder, List.of(PEER, PEER_V6));
        relay = TurnServerUnderTest.start(options(), folder);
        client = lab.client(relay, folder);
        relayed = List.of(client.tell("allocate").split(","));
        begin();
    }

    /** What the laboratory needs beyond its cables and addresses. */
    abstract void prepare() throws IOException;

    /** Permissions and the like, and further clients. */
    abstract void begin() throws IOException;

    TurnServerOptions options() {
        return lab.options();
    }

    @AfterAll
    void close() {
        if (relay != null) {
            relay.close(); // killed: it would wait for its client otherwise
        }
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void countFromHere() throws IOException {
        for (String peer : List.of(PEER, PEER_V6)) {
            heard.put(peer, Integer.valueOf(peers.tell("packets " + peer)));
        }
        heardByClient = Integer.parseInt(client.tell("packets"));
    }

    static void mtu(LabHost host, String networkInterface, int bytes) {
        host.run("ip", "link", "set", networkInterface, "mtu", "" + bytes).check();
    }

    /** Waits until that many datagrams of this test have come to a peer. */
    final void awaitPeer(String peer, int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(peers.tell("packets " + peer))
                        .isEqualTo("" + (heard.getOrDefault(peer, 0) + packets)));
    }

    /** Waits until that many datagrams of this test have come to {@link #client}. */
    final void awaitClient(int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("" + (heardByClient + packets)));
    }

    final void assertNothingWasLogged() {
        assertThat(relay.program().output()).doesNotContain("WARN").doesNotContain("xception");
    }
}
