package dev.culvert.relay.it;

import static dev.culvert.relay.it.DeniedPeers.at;
import static dev.culvert.relay.it.DeniedPeers.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * DSCP, ECN and hop limit of what is relayed (RFC 8656 §13, §14, §15), as they arrive at peers and clients: the preferred
 * behavior on fast sockets, the alternate behavior on others.
 */
@SuppressWarnings("NullAway.Init") // LabIT calls what makes them
class TrafficClassIT extends LabIT {
    private static final String SERVER_V6 = "2a10:5::1";
    private static final int CHANNEL = 0x4000;
    private static final int CHANNEL_V6 = 0x4001;

    /** What hosts give to packets of their own; the server's is the system's default. */
    private static final int HOPS_OF_CLIENT = 33;

    private static final int HOPS_OF_PEERS = 21;
    private static final int HOPS_OF_SERVER = 64;

    /** Expedited forwarding with ECN-capable transport, each way to say that, congestion experienced, and best effort. */
    private static final List<Integer> CLASSES = List.of(0xB8, 0xBA, 0x01, 0x02, 0x03, 0);

    private PacketCounters atPeers;
    private PacketCounters atClient;
    private Puppet clientV6;
    private Puppet clientByTcp;

    /** The relayed addresses, IPv4 first, of {@link #clientV6}. */
    private List<String> relayedOfV6 = List.of();

    @Override
    void prepare() {
        lab.client().address("c0", "2a10:5::2/64").sysctl("net.ipv6.conf.c0.hop_limit", "" + HOPS_OF_CLIENT);
        lab.server().address("s0", SERVER_V6 + "/64");
        lab.peers().sysctl("net.ipv6.conf.p0.hop_limit", "" + HOPS_OF_PEERS);
        // Each datagram leaves on its own, and is counted so.
        for (String networkInterface : List.of("s0", "s1")) {
            lab.server()
                    .run("ip", "link", "set", networkInterface, "gso_max_segs", "1")
                    .check();
        }
        atPeers = counters(lab.peers());
        atClient = counters(lab.client());
    }

    @Override
    TurnServerOptions options() {
        return lab.options().on(PeerLab.SERVER, SERVER_V6);
    }

    @Override
    void begin() throws IOException {
        clientV6 = lab.client(new TransportAddress(ip(SERVER_V6), relay.port()), folder);
        relayedOfV6 = List.of(clientV6.tell("allocate").split(","));
        clientByTcp = lab.client(relay.address(), folder, "tcp");
        clientByTcp.tell("allocate");
        for (Puppet each : List.of(client, clientV6, clientByTcp)) {
            assertThat(each.tell(List.of("bind " + CHANNEL + " " + PEER, "bind " + CHANNEL_V6 + " " + PEER_V6)))
                    .containsExactly("0", "0");
        }
    }

    private static PacketCounters counters(LabHost host) {
        List<String> counters = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (int bits : CLASSES) {
            counters.add(ofClass(bits));
            rules.add("meta nfproto ipv4 meta l4proto udp @nh,8,8 " + bits + " counter name " + ofClass(bits));
            rules.add("meta nfproto ipv6 meta l4proto udp @nh,4,8 " + bits + " counter name " + ofClass(bits));
        }
        for (int hops : List.of(HOPS_OF_SERVER, HOPS_OF_CLIENT - 1, HOPS_OF_PEERS - 1)) {
            counters.add(ofHops(hops));
            rules.add("meta l4proto udp ip ttl " + hops + " counter name " + ofHops(hops));
            rules.add("meta l4proto udp ip6 hoplimit " + hops + " counter name " + ofHops(hops));
        }
        counters.add("datagrams");
        rules.add("meta l4proto udp counter name datagrams");
        return new PacketCounters(host, counters, rules);
    }

    private static String ofClass(int bits) {
        return "class_" + bits;
    }

    private static String ofHops(int hops) {
        return "hops_" + hops;
    }

    @BeforeEach
    void countPacketsFromHere() throws IOException {
        for (Puppet each : List.of(client, clientV6, clientByTcp)) {
            each.tell("traffic-class 0");
        }
        atPeers.reset();
        atClient.reset();
    }

    @Test
    void eachDatagramOfATrainToAPeerKeepsItsOwnClass() throws IOException {
        int rounds = 50;

        client.tell(train(rounds, bits -> List.of("traffic-class " + bits, "send-on-channel " + CHANNEL + " 160")));
        clientV6.tell(
                train(rounds, bits -> List.of("traffic-class " + bits, "send-on-channel " + CHANNEL_V6 + " 160")));

        thenEachClassArrives(atPeers, 2 * rounds);
    }

    @Test
    void eachDatagramOfATrainToAClientKeepsItsOwnClass() throws IOException {
        int rounds = 50;

        peers.tell(train(rounds, bits -> toRelay(PEER, relayed.get(0), bits)));
        peers.tell(train(rounds, bits -> toRelay(PEER_V6, relayedOfV6.get(1), bits)));

        thenEachClassArrives(atClient, 2 * rounds);
    }

    @Test
    void indicationsKeepTheClassToo() throws IOException {
        String other = at(ip(PeerLab.PEER), 7001);

        client.tell(List.of("traffic-class 0xBA", "send " + other + " 100"));

        awaitCount(atPeers, 1);
        assertThat(atPeers.count(ofClass(kept(0xBA)))).isOne();
    }

    @Test
    void hopLimitIsOneLessFromIpv6ToIpv6() throws IOException {
        clientV6.tell(List.of("send-on-channel " + CHANNEL_V6 + " 100", "send-on-channel " + CHANNEL_V6 + " 100"));
        peers.tell(toRelay(PEER_V6, relayedOfV6.get(1), 0));

        awaitCount(atPeers, 2);
        awaitCount(atClient, 1);
        boolean kept = FastSockets.areUsed();
        assertThat(atPeers.count(ofHops(kept ? HOPS_OF_CLIENT - 1 : HOPS_OF_SERVER)))
                .isEqualTo(2);
        assertThat(atClient.count(ofHops(kept ? HOPS_OF_PEERS - 1 : HOPS_OF_SERVER)))
                .isOne();
    }

    @Test
    void hopLimitBeginsAnewWhereAddressFamiliesDiffer() throws IOException {
        client.tell("send-on-channel " + CHANNEL_V6 + " 100");
        clientV6.tell("send-on-channel " + CHANNEL + " 100");
        peers.tell(toRelay(PEER_V6, relayed.get(1), 0));
        peers.tell(toRelay(PEER, relayedOfV6.get(0), 0));

        awaitCount(atPeers, 2);
        awaitCount(atClient, 2);
        assertThat(atPeers.count(ofHops(HOPS_OF_SERVER))).isEqualTo(2);
        assertThat(atClient.count(ofHops(HOPS_OF_SERVER))).isEqualTo(2);
    }

    @Test
    void whatMayGoNoFurtherIsDropped() throws IOException {
        FastSockets.assume();

        lab.client().sysctl("net.ipv6.conf.c0.hop_limit", "1");
        clientV6.tell("send-on-channel " + CHANNEL_V6 + " 100");
        lab.client().sysctl("net.ipv6.conf.c0.hop_limit", "" + HOPS_OF_CLIENT);
        clientV6.tell("send-on-channel " + CHANNEL_V6 + " 100");

        awaitCount(atPeers, 1);
        assertThat(atPeers.count(ofHops(HOPS_OF_CLIENT - 1))).isOne();
    }

    @Test
    void answersHaveTheSystemsOwnFields() throws IOException {
        client.tell("traffic-class 0xB8");
        clientV6.tell("traffic-class 0xB8");

        client.tell("permit " + PeerLab.PEER);
        clientV6.tell("permit " + PeerLab.PEER);

        assertThat(atClient.count("datagrams")).isEqualTo(2);
        assertThat(atClient.count(ofClass(0))).isEqualTo(2);
        assertThat(atClient.count(ofHops(HOPS_OF_SERVER))).isEqualTo(2);
    }

    /** RFC 8656 §15. */
    @Test
    void dataOfTcpClientsLeaveWithTheSystemsOwnFields() throws IOException {
        clientByTcp.tell(List.of(
                "traffic-class 0xB8", "send-on-channel " + CHANNEL + " 100", "send-on-channel " + CHANNEL_V6 + " 100"));

        awaitCount(atPeers, 2);
        assertThat(atPeers.count(ofClass(0))).isEqualTo(2);
        assertThat(atPeers.count(ofHops(HOPS_OF_SERVER))).isEqualTo(2);
    }

    /** What is left of a class on the sockets that the server has. */
    private static int kept(int bits) {
        return FastSockets.areUsed() ? bits : 0;
    }

    /** Orders for one datagram of each class. */
    private interface Datagram {
        List<String> of(int bits);
    }

    private static List<String> train(int rounds, Datagram datagram) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            CLASSES.forEach(bits -> orders.addAll(datagram.of(bits)));
        }
        return orders;
    }

    private static List<String> toRelay(String peer, String relayed, int bits) {
        return List.of("traffic-class " + peer + " " + bits, "send " + peer + " " + relayed + " 160");
    }

    private static void thenEachClassArrives(PacketCounters counters, int ofEach) {
        awaitCount(counters, CLASSES.size() * ofEach);
        for (int bits : CLASSES) {
            assertThat(counters.count(ofClass(bits)))
                    .as(ofClass(bits))
                    .isEqualTo(FastSockets.areUsed() ? ofEach : bits == 0 ? CLASSES.size() * ofEach : 0);
        }
    }

    private static void awaitCount(PacketCounters counters, int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(counters.count("datagrams")).isEqualTo(packets));
    }
}
