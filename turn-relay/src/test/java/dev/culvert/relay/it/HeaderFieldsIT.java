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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The header fields of RFC 8656 §14, alternate behavior, as peers and clients see them, over links of 1300 bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeaderFieldsIT {
    private static final int SMALL = 100;
    /** Fits a link of 1500 bytes, and not one of 1300. */
    private static final int LARGE = 1400;

    private static final String PEER = at(ip(PeerLab.PEER), 7000);
    private static final String PEER_V6 = at(ip(PeerLab.PEER_V6), 7000);
    private static final int CHANNEL = 0x4000;
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    /** Counts UDP packets, and fragments, from the server. */
    private static final String COUNTERS = """
            table inet headers {
              counter df { }
              counter no_df { }
              counter fragments { }
              counter other_ttl { }
              chain prerouting {
                type filter hook prerouting priority -500;
                ip protocol udp ip frag-off & 0x4000 != 0 counter name df
                ip protocol udp ip frag-off & 0x4000 == 0 counter name no_df
                ip protocol udp ip frag-off & 0x3fff != 0 counter name fragments
                ip protocol udp ip ttl != 64 counter name other_ttl
              }
            }
            """;

    @TempDir
    private static Path folder;

    private PeerLab lab;
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
        lab.peers().nft(COUNTERS);
        lab.client().nft(COUNTERS);
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
        for (LabHost host : List.of(lab.peers(), lab.client())) {
            host.run("nft", "reset", "counters").check();
        }
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

        assertThat(count(lab.peers(), "df")).isZero();
        assertThat(count(lab.peers(), "no_df")).isEqualTo(6);
        assertThat(count(lab.peers(), "fragments")).isEqualTo(4);
        assertThat(count(lab.peers(), "other_ttl")).isZero();
        assertThat(count(lab.client(), "df")).isZero();
        // Two small ones, two in two fragments, and the answer to the ChannelBind.
        assertThat(count(lab.client(), "no_df")).isEqualTo(7);
        assertThat(count(lab.client(), "fragments")).isEqualTo(4);
        assertThat(count(lab.client(), "other_ttl")).isZero();
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

        assertThat(count(lab.peers(), "df")).isEqualTo(3);
        assertThat(count(lab.peers(), "no_df")).isEqualTo(2);
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
        assertThat(count(lab.peers(), "fragments")).isEqualTo(2);
        assertThat(count(lab.peers(), "df")).isEqualTo(1);
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

    private static long count(LabHost host, String counter) {
        String listing = host.run("nft", "list", "counter", "inet", "headers", counter)
                .check()
                .out();
        Matcher packets = PACKETS.matcher(listing);
        assertThat(packets.find()).as(listing).isTrue();
        return Long.parseLong(packets.group(1));
    }
}
