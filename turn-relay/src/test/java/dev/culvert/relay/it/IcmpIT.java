package dev.culvert.relay.it;

import static dev.culvert.relay.it.DeniedPeers.at;
import static dev.culvert.relay.it.DeniedPeers.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.testkit.lab.LabHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ICMP errors that come back from peers and from a router before them, as the client is told of them. */
class IcmpIT extends LabIT {
    private static final String CLOSED = at(ip(PeerLab.PEER), 7001);
    private static final String CLOSED_V6 = at(ip(PeerLab.PEER_V6), 7001);

    /** Behind the peers' host, by a link of 1280 bytes. */
    private static final String BEYOND = "5.5.7.9";

    private static final String BEYOND_V6 = "2a10:7::9";

    private static final String UNREACHABLE = "5.5.8.9";
    private static final String UNREACHABLE_V6 = "2a10:8::9";
    private static final String PROHIBITED = "5.5.9.9";
    private static final String FAR = "5.5.7.10";

    private static final String EXHAUSTION = """
            table ip far { chain prerouting { type filter hook prerouting priority -150;
              ip daddr %s ip ttl set 1
            }; }
            """.formatted(FAR);

    /** What was told before the test. */
    private List<String> told = List.of();

    @Override
    void prepare() {
        mtu(lab.server(), "s1", 1300);
        routeBehindThePeers(lab.peers());
    }

    @Override
    void begin() throws IOException {
        for (String peer : List.of(PeerLab.PEER, PeerLab.PEER_V6, BEYOND, BEYOND_V6, FAR)) {
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
        router.address("narrow", "5.5.7.1/24").address("narrow", "2a10:7::1/64");
        for (String beyond : List.of(BEYOND, BEYOND_V6)) {
            router.run("ip", "neigh", "add", beyond, "lladdr", "02:00:00:00:00:09", "dev", "narrow")
                    .check();
        }
        router.run("ip", "route", "add", "unreachable", "5.5.8.0/24").check();
        router.run("ip", "route", "add", "prohibit", "5.5.9.0/24").check();
        router.run("ip", "-6", "route", "add", "unreachable", "2a10:8::/64").check();
        router.nft(EXHAUSTION);
    }

    @BeforeEach
    void tellFromHere() throws IOException {
        told = told();
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

    /** Over IPv6 no router fragments, so that each path has to be learnt: the first datagram is lost, the next is not. */
    @Test
    void mtuOfAnIpv6PathIsTold() throws IOException {
        FastSockets.assume();
        String beyond = at(ip(BEYOND_V6), 6);

        client.tell("send " + beyond + " 1250");

        awaitTold(beyond + "/2/0/1280");
    }

    @Test
    void mtuOfTheServersOwnLinkIsToldInTheSameWay() throws IOException {
        FastSockets.assume();

        client.tell(List.of(
                "send-unfragmented " + PEER + " 1272",
                "send " + PEER + " 1273",
                "send-unfragmented " + PEER + " 1273",
                "send-unfragmented " + CLOSED + " 1274"));

        awaitTold(PEER + "/3/4/1300", CLOSED + "/3/4/1300");
        awaitPeer(PEER, 2);
    }

    @Test
    void errorsOfSomeDatagramsCostNoOthers() throws IOException {
        FastSockets.assume();
        assertThat(client.tell(List.of("bind 0x4001 " + CLOSED, "bind 0x4003 " + PEER)))
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

        awaitPeer(PEER, rounds);
        awaitTold(Collections.nCopies(rounds, CLOSED + "/3/3/0").toArray(String[]::new));
        assertNothingWasLogged();
    }

    @Test
    void errorsDisturbNothingWhateverTheSockets() throws IOException {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orders.add("send " + CLOSED + " " + SMALL);
            orders.add("send-unfragmented " + CLOSED + " 1400");
            orders.add("send " + PEER + " " + SMALL);
        }

        client.tell(orders);

        awaitPeer(PEER, 20);
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
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            List<String> now = told();
            assertThat(now.subList(told.size(), now.size())).containsExactlyInAnyOrder(errors);
        });
    }
}
