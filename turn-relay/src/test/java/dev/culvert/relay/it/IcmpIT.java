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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** ICMP errors that come back from peers and from a router before them, as the client is told of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IcmpIT {
    private static final int SMALL = 100;
    private static final String OPEN = at(ip(PeerLab.PEER), 7000);
    private static final String OPEN_V6 = at(ip(PeerLab.PEER_V6), 7000);
    private static final String CLOSED = at(ip(PeerLab.PEER), 7001);
    private static final String CLOSED_V6 = at(ip(PeerLab.PEER_V6), 7001);

    /** Behind the peers' host, by a link of 1280 bytes. */
    private static final String BEYOND = "5.5.7.9";

    private static final String UNREACHABLE = "5.5.8.9";
    private static final String UNREACHABLE_V6 = "2a10:8::9";
    private static final String PROHIBITED = "5.5.9.9";
    private static final String FAR = "5.5.7.10";

    private static final String EXHAUSTION = """
            table ip far { chain prerouting { type filter hook prerouting priority -150;
              ip daddr %s ip ttl set 1
            }; }
            """.formatted(FAR);

    @TempDir
    private static Path folder;

    private PeerLab lab;
    private Puppet peers;
    private TurnServerUnderTest relay;
    private Puppet client;

    /** What was told before the test. */
    private List<String> told = List.of();

    private int heard;

    @BeforeAll
    void allocate() throws IOException {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
        lab = new PeerLab();
        lab.server().run("ip", "link", "set", "s1", "mtu", "1300").check();
        routeBehindThePeers(lab.peers());
        peers = PeerLab.peers(lab.peers(), folder, List.of(OPEN, OPEN_V6));
        relay = TurnServerUnderTest.start(lab.options(), folder);
        client = lab.client(relay, folder);
        client.tell("allocate");
        for (String peer : List.of(PeerLab.PEER, PeerLab.PEER_V6, BEYOND, FAR)) {
            assertThat(client.tell("permit " + peer)).isEqualTo("0");
        }
        for (String peer : List.of(UNREACHABLE, UNREACHABLE_V6, PROHIBITED)) {
            assertThat(client.tell("permit " + peer)).isEqualTo("0");
        }
    }

    private static void routeBehindThePeers(LabHost router) {
        router.sysctl("net.ipv4.ip_forward", "1").sysctl("net.ipv6.conf.all.forwarding", "1");
        router.sysctl("net.ipv4.icmp_ratemask", "0").sysctl("net.ipv6.icmp.ratelimit", "0");
        router.run("ip", "link", "add", "narrow", "mtu", "1280", "type", "veth", "peer", "end")
                .check();
        router.run("ip", "link", "set", "end", "up").check();
        router.run("ip", "link", "set", "narrow", "up").check();
        router.address("narrow", "5.5.7.1/24");
        router.run("ip", "neigh", "add", BEYOND, "lladdr", "02:00:00:00:00:09", "dev", "narrow")
                .check();
        router.run("ip", "route", "add", "unreachable", "5.5.8.0/24").check();
        router.run("ip", "route", "add", "prohibit", "5.5.9.0/24").check();
        router.run("ip", "-6", "route", "add", "unreachable", "2a10:8::/64").check();
        router.nft(EXHAUSTION);
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
        told = told();
        heard = Integer.parseInt(peers.tell("packets " + OPEN));
    }

    @Test
    void closedPortsOfPeersAreTold() throws IOException {
        FastSockets.assume();

        client.tell(List.of("send " + CLOSED + " " + SMALL, "send " + CLOSED_V6 + " " + SMALL));

        awaitTold(CLOSED + "/3/3/0", CLOSED_V6 + "/1/4/0");
    }

    @Test
    void dataOnChannelsMeetWithErrorsToo() throws IOException {
        FastSockets.assume();
        assertThat(client.tell(List.of("bind 0x4001 " + CLOSED, "bind 0x4002 " + CLOSED_V6)))
                .containsExactly("0", "0");

        client.tell(List.of("send-on-channel 0x4001 " + SMALL, "send-on-channel 0x4002 " + SMALL));

        awaitTold(CLOSED + "/3/3/0", CLOSED_V6 + "/1/4/0");
    }

    @Test
    void whatRoutersReportIsTold() throws IOException {
        FastSockets.assume();

        client.tell(List.of(
                "send " + at(ip(UNREACHABLE), 1) + " " + SMALL,
                "send " + at(ip(PROHIBITED), 2) + " " + SMALL,
                "send " + at(ip(FAR), 3) + " " + SMALL,
                "send " + at(ip(UNREACHABLE_V6), 4) + " " + SMALL));

        awaitTold(
                at(ip(UNREACHABLE), 1) + "/3/1/0",
                at(ip(PROHIBITED), 2) + "/3/13/0",
                at(ip(FAR), 3) + "/11/0/0",
                at(ip(UNREACHABLE_V6), 4) + "/1/0/0");
    }

    @Test
    void mtuOfARouterIsToldWhereADatagramWasNotToBeFragmented() throws IOException {
        FastSockets.assume();
        String beyond = at(ip(BEYOND), 5);

        // 1290 bytes each with the headers of UDP and IP; the link behind the router takes 1280.
        client.tell(List.of("send " + beyond + " 1262", "send-unfragmented " + beyond + " 1262"));

        awaitTold(beyond + "/3/4/1280");
    }

    @Test
    void mtuOfTheServersOwnLinkIsToldInTheSameWay() throws IOException {
        FastSockets.assume();

        client.tell(List.of(
                "send-unfragmented " + OPEN + " 1272",
                "send " + OPEN + " 1273",
                "send-unfragmented " + OPEN + " 1273",
                "send-unfragmented " + CLOSED + " 1274"));

        awaitTold(OPEN + "/3/4/1300", CLOSED + "/3/4/1300");
        awaitPeer(2);
    }

    @Test
    void errorsOfSomeDatagramsCostNoOthers() throws IOException {
        FastSockets.assume();
        assertThat(client.tell(List.of("bind 0x4001 " + CLOSED, "bind 0x4003 " + OPEN)))
                .containsExactly("0", "0");
        int rounds = 400;

        for (int i = 0; i < rounds; i += 10) {
            List<String> orders = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                orders.add("send-on-channel 0x4001 " + (SMALL + j));
                orders.add("send-on-channel 0x4003 " + (SMALL + j));
            }
            client.tell(orders);
        }

        awaitPeer(rounds);
        awaitTold(Collections.nCopies(rounds, CLOSED + "/3/3/0").toArray(String[]::new));
        assertThat(relay.program().output()).doesNotContain("WARN").doesNotContain("xception");
    }

    @Test
    void errorsDisturbNothingWhateverTheSockets() throws IOException {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orders.add("send " + CLOSED + " " + SMALL);
            orders.add("send-unfragmented " + CLOSED + " 1400");
            orders.add("send " + OPEN + " " + SMALL);
        }

        client.tell(orders);

        awaitPeer(20);
        if (!FastSockets.areUsed()) {
            assertThat(told()).isEmpty();
        }
    }

    private List<String> told() throws IOException {
        String errors = client.tell("errors");
        return List.of(errors.substring(1, errors.length() - 1).split(",")).stream()
                .filter(error -> !error.isEmpty())
                .toList();
    }

    private void awaitTold(String... errors) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(told().subList(told.size(), told().size())).containsExactlyInAnyOrder(errors));
    }

    private void awaitPeer(int packets) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(peers.tell("packets " + OPEN)).isEqualTo("" + (heard + packets)));
    }
}
