package dev.culvert.relay.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fragmentation (RFC 8656 §14), alternate behavior, as peers and clients see them, over links of 1300 bytes. */
@SuppressWarnings("NullAway.Init") // LabIT calls what makes them
class HeaderFieldsIT extends LabIT {
    /** Fits a link of 1500 bytes, and not one of 1300. */
    private static final int LARGE = 1400;

    private static final int LINK = 1300;

    private static final int CHANNEL = 0x4000;

    /** UDP packets, and fragments, that arrive. */
    private static final List<String> COUNTERS = List.of("df", "no_df", "fragments", "other_ttl");

    private static final List<String> RULES = List.of(
            "ip protocol udp ip frag-off & 0x4000 != 0 counter name df",
            "ip protocol udp ip frag-off & 0x4000 == 0 counter name no_df",
            "ip protocol udp ip frag-off & 0x3fff != 0 counter name fragments",
            "ip protocol udp ip ttl != 64 counter name other_ttl");

    private PacketCounters atPeers;
    private PacketCounters atClient;

    @Override
    void prepare() {
        mtu(lab.client(), "c0", LINK);
        mtu(lab.server(), "s0", LINK);
        mtu(lab.server(), "s1", LINK);
        mtu(lab.peers(), "p0", LINK);
        atPeers = new PacketCounters(lab.peers(), COUNTERS, RULES);
        atClient = new PacketCounters(lab.client(), COUNTERS, RULES);
    }

    @Override
    void begin() throws IOException {
        assertThat(client.tell(List.of("permit " + PeerLab.PEER, "permit " + PeerLab.PEER_V6)))
                .containsExactly("0", "0");
    }

    @BeforeEach
    void countPacketsFromHere() {
        atPeers.reset();
        atClient.reset();
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
        assertNothingWasLogged();
    }

    /** The kernel cuts no train into datagrams that are too long for their link: they go one by one, in fragments. */
    @Test
    void burstOfWhatIsTooLongForItsLinkArrivesWhole() throws Exception {
        FastSockets.assume();
        int burst = 40; // as many as fit into a usual socket buffer
        assertThat(client.tell("bind " + CHANNEL + " " + PEER)).isEqualTo("0");
        mtu(lab.server(), "s1", 900);

        client.tell(Collections.nCopies(burst, "send-on-channel " + CHANNEL + " 1000"));

        awaitPeer(PEER, burst);
        mtu(lab.server(), "s1", LINK);
        assertThat(atPeers.count("fragments")).isEqualTo(2L * burst);
        assertNothingWasLogged();
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
        return "send " + peer + " " + relayed.get(0) + " " + lengthBytes;
    }
}
