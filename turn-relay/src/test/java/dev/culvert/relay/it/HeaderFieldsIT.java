package dev.culvert.relay.it;

import static dev.culvert.relay.it.DeniedPeers.at;
import static dev.culvert.relay.it.DeniedPeers.ip;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fragmentation (RFC 8656 §14), alternate behavior, as peers and clients see them, over links of 1300 bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeaderFieldsIT {
    private static final int SMALL = 100;
    /** Fits a link of 1500 bytes, and not one of 1300. */
    private static final int LARGE = 1400;

    private static final String PEER = at(ip(PeerLab.PEER), 7000);
    private static final String PEER_V6 = at(ip(PeerLab.PEER_V6), 7000);
    private static final int CHANNEL = 0x4000;

    /** UDP packets, and fragments, that arrive. */
    private static final List<String> COUNTERS = List.of("df", "no_df", "fragments", "other_ttl");

    private static final List<String> RULES = List.of(
            "ip protocol udp ip frag-off & 0x4000 != 0 counter name df",
            "ip protocol udp ip frag-off & 0x4000 == 0 counter name no_df",
            "ip protocol udp ip frag-off & 0x3fff != 0 counter name fragments",
            "ip protocol udp ip ttl != 64 counter name other_ttl");

    @TempDir
    private static Path folder;

    private PeerLab lab;
    private PacketCounters atPeers;
    private PacketCounters atClient;
    private Puppet peers;
    private TurnServerUnderTest relay;
    private Puppet client;
    private String[] relayed;

    /** What had arrived before the test. */
    private final Map<String, Integer> heard = new HashMap<>();

    private int heardByClient;

    @BeforeAll
    void allocate() throws IOException {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
        lab = new PeerLab();
        mtu(lab.client(), "c0");
        mtu(lab.server(), "s0");
        mtu(lab.server(), "s1");
        mtu(lab.peers(), "p0");
        atPeers = new PacketCounters(lab.peers(), COUNTERS, RULES);
        atClient = new PacketCounters(lab.client(), COUNTERS, RULES);
        peers = PeerLab.peers(lab.peers(), folder, List.of(PEER, PEER_V6));
        relay = TurnServerUnderTest.start(lab.options(), folder);
        client = lab.client(relay, folder);
        relayed = client.tell("allocate").split(",");
        assertThat(client.tell(List.of("permit " + PeerLab.PEER, "permit " + PeerLab.PEER_V6)))
                .containsExactly("0", "0");
    }

    private static void mtu(LabHost host, String networkInterface) {
        host.run("ip", "link", "set", networkInterface, "mtu", "1300").check();
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
        atPeers.reset();
        atClient.reset();
        heard.clear();
        for (String peer : List.of(PEER, PEER_V6)) {
            heard.put(peer, Integer.valueOf(peers.tell("packets " + peer)));
        }
        heardByClient = Integer.parseInt(client.tell("packets"));
    }

    @Test
    void datagramsMayBeFragmentedInBothDirections() throws Exception {
        client.tell(List.of("send " + PEER + " " + SMALL, "send " + PEER + " " + LARGE));
        awaitPeer(PEER, 2);
        peers.tell(List.of(toRelay(PEER, SMALL), toRelay(PEER, LARGE)));
        awaitClient(2);
        assertThat(client.tell("bind " + CHANNEL + " " + PEER)).isEqualTo("0");
        client.tell(List.of("send-on-channel " + CHANNEL + " " + SMALL, "send-on-channel " + CHANNEL + " " + LARGE));
        awaitPeer(PEER, 4);
        peers.tell(List.of(toRelay(PEER, SMALL), toRelay(PEER, LARGE)));
        awaitClient(4);

        assertThat(atPeers.count("df")).isZero();
        assertThat(atPeers.count("no_df")).isEqualTo(6);
        assertThat(atPeers.count("fragments")).isEqualTo(4);
        assertThat(atPeers.count("other_ttl")).isZero();
        assertThat(atClient.count("df")).isZero();
        // Two small ones, two in two fragments, and the answer to the ChannelBind.
        assertThat(atClient.count("no_df")).isEqualTo(7);
        assertThat(atClient.count("fragments")).isEqualTo(4);
        assertThat(atClient.count("other_ttl")).isZero();
    }

    @Test
    void dontFragmentSetsTheBitForItsOwnDatagramAlone() throws Exception {
        client.tell(List.of(
                // Of different lengths: what is alike leaves as one train, which is counted once.
                "send " + PEER + " 101",
                "send-unfragmented " + PEER + " 102",
                "send " + PEER + " 103",
                "send-unfragmented " + PEER + " 104",
                "send-unfragmented " + PEER + " 105"));
        awaitPeer(PEER, 5);

        assertThat(atPeers.count("df")).isEqualTo(3);
        assertThat(atPeers.count("no_df")).isEqualTo(2);
    }

    @Test
    void whatIsTooLongForItsPathUnfragmentedIsDroppedAndDisturbsNothingElse() throws Exception {
        client.tell(List.of(
                "send " + PEER + " " + SMALL,
                "send-unfragmented " + PEER + " " + LARGE,
                "send " + PEER + " " + LARGE,
                "send-unfragmented " + PEER + " " + LARGE,
                "send-unfragmented " + PEER + " " + SMALL,
                "send " + PEER_V6 + " " + SMALL));
        awaitPeer(PEER_V6, 1);

        awaitPeer(PEER, 3);
        assertThat(atPeers.count("fragments")).isEqualTo(2);
        assertThat(atPeers.count("df")).isEqualTo(1);
        peers.tell(toRelay(PEER, SMALL));
        awaitClient(1);
        assertThat(relay.program().output()).doesNotContain("WARN").doesNotContain("xception");
    }

    /** RFC 8656 §13.1: DONT-FRAGMENT is ignored. */
    @Test
    void dontFragmentIsIgnoredTowardsAnIpv6Peer() throws Exception {
        client.tell(
                List.of("send-unfragmented " + PEER_V6 + " " + SMALL, "send-unfragmented " + PEER_V6 + " " + LARGE));

        awaitPeer(PEER_V6, 2);
    }

    /** A peer's order to send to the relayed address. */
    private String toRelay(String peer, int lengthBytes) {
        return "send " + peer + " " + relayed[0] + " " + lengthBytes;
    }

    private void awaitPeer(String peer, int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(peers.tell("packets " + peer))
                        .isEqualTo("" + (heard.getOrDefault(peer, 0) + packets)));
    }

    private void awaitClient(int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("" + (heardByClient + packets)));
    }
}
