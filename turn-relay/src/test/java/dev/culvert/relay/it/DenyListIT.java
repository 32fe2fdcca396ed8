package dev.culvert.relay.it;

import static dev.culvert.relay.it.DeniedPeers.at;
import static dev.culvert.relay.it.DeniedPeers.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.stun.IpAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every peer address of the deny list, in every encoding, on every path, with a host behind the server that owns them. */
@Tag("portable")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DenyListIT {
    private static final int PORT = 7000;
    private static final int OTHER_PORT = 7001;
    private static final String PRIVATE = "10.0.0.7";
    private static final String REFUSED = "403";
    private static final String ALLOWED = "0";
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    private final List<IpAddress> denied = DeniedPeers.all();
    private final List<IpAddress> routable =
            denied.stream().filter(DeniedPeers::isRoutable).toList();

    @TempDir
    private static Path folder;

    private PeerLab lab;
    private Puppet peers;

    @BeforeAll
    void ownTheAddresses() throws IOException {
        Requirements.networkNamespaces();
        for (String command : List.of("nsenter", "ip", "nft")) {
            Requirements.command(command);
        }
        lab = new PeerLab();
        lab.own(routable);
        lab.server().nft(witnesses());
        List<String> listeners =
                new ArrayList<>(routable.stream().map(ip -> at(ip, PORT)).toList());
        listeners.addAll(List.of(at(ip(PRIVATE), OTHER_PORT), at(ip(PeerLab.PEER), PORT)));
        listeners.add(at(ip(PeerLab.PEER_V6), PORT));
        peers = PeerLab.peers(lab.peers(), folder, listeners);
    }

    @AfterAll
    void closeTheLaboratory() {
        if (lab != null) {
            lab.close();
        }
    }

    /** Counts what leaves the server for these addresses, and what comes from them. */
    private static String witnesses() {
        return """
            table inet witness {
              counter to { }
              counter from { }
              set denied4 %s
              set denied6 %s
              chain output {
                type filter hook output priority 0;
                meta l4proto udp ip daddr @denied4 counter name to
                meta l4proto udp ip6 daddr @denied6 counter name to
              }
              chain prerouting {
                type filter hook prerouting priority 0;
                meta l4proto udp ip saddr @denied4 counter name from
                meta l4proto udp ip6 saddr @denied6 counter name from
              }
            }
            """.formatted(DeniedPeers.nftSet(true), DeniedPeers.nftSet(false));
    }

    private int witnessed(String counter) {
        String listing = lab.server()
                .run("nft", "list", "counter", "inet", "witness", counter)
                .check()
                .out();
        Matcher packets = PACKETS.matcher(listing);
        assertThat(packets.find()).as(listing).isTrue();
        return Integer.parseInt(packets.group(1));
    }

    @Test
    void everyDeniedAddressIsRefusedOnEveryPathAndSeesNoPacket() throws Exception {
        List<Integer> before = packets(peers, addresses(routable));
        int leftBefore = witnessed("to");
        int cameBefore = witnessed("from");
        try (TurnServerUnderTest relay = TurnServerUnderTest.start(lab.options(), folder);
                Puppet client = lab.client(relay, folder)) {
            String relayed = client.tell("allocate");

            List<String> answers = client.tell(attacks(denied, PORT));

            for (int i = 0; i < denied.size(); i++) {
                assertThat(answers.subList(4 * i, 4 * i + 2))
                        .as("CreatePermission, ChannelBind for %s", denied.get(i))
                        .containsExactly(REFUSED, REFUSED);
            }
            // All packets before this one would be there by now.
            echoPeer(client, relayed);
            assertThat(packets(peers, addresses(routable))).isEqualTo(before);
            assertThat(witnessed("to")).isEqualTo(leftBefore);

            List<IpAddress> sources =
                    routable.stream().filter(DeniedPeers::isPossibleSource).toList();
            peers.tell(packetsTo(relayed, sources));
            echoPeer(client, relayed);
            assertThat(witnessed("from") - cameBefore).isEqualTo(sources.size());
            assertThat(client.tell("packets")).isEqualTo("2");
        }
    }

    @Test
    void theSamePacketsArriveWhereAnOperatorAllowsThem() throws Exception {
        TurnServerOptions options = lab.options();
        routable.forEach(address -> options.with("--allow-peer", address + (address.isIpv4() ? "/32" : "/128")));
        List<Integer> before = packets(peers, addresses(routable));
        int leftBefore = witnessed("to");
        try (TurnServerUnderTest relay = TurnServerUnderTest.start(options, folder);
                Puppet client = lab.client(relay, folder)) {
            String relayed = client.tell("allocate");

            List<String> answers = client.tell(attacks(routable, PORT));

            for (int i = 0; i < routable.size(); i++) {
                assertThat(answers.subList(4 * i, 4 * i + 2))
                        .as("CreatePermission, ChannelBind for %s", routable.get(i))
                        .containsExactly(ALLOWED, ALLOWED);
            }
            echoPeer(client, relayed);
            // One by Send, one by ChannelData.
            assertThat(packets(peers, addresses(routable)))
                    .isEqualTo(before.stream().map(count -> count + 2).toList());
            assertThat(witnessed("to") - leftBefore).isEqualTo(2 * routable.size());

            List<IpAddress> sources =
                    routable.stream().filter(DeniedPeers::isPossibleSource).toList();
            peers.tell(packetsTo(relayed, sources));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("" + (1 + sources.size())));
        }
    }

    @Test
    void theServersOwnAddressesAreReachedAtLiveRelayPortsOnly() throws Exception {
        List<String> own = List.of("127.0.0.1", "127.0.0.2", "::1", PeerLab.SERVER, PeerLab.RELAY, PeerLab.RELAY_V6);
        List<IpAddress> encoded =
                own.stream().map(DeniedPeers::ip).flatMap(DeniedPeers::encoded).toList();
        List<String> listeners =
                own.stream().map(address -> at(ip(address), PORT)).toList();
        try (Puppet local = PeerLab.peers(lab.server(), folder, listeners);
                TurnServerUnderTest relay = TurnServerUnderTest.start(lab.options(), folder);
                Puppet client = lab.client(relay, folder)) {
            String relayed = client.tell("allocate");

            List<String> answers = client.tell(attacks(encoded, PORT));

            for (int i = 0; i < encoded.size(); i++) {
                // A permission has no port: there may be relay ports of this server to talk to.
                boolean isRelay = List.of(ip(PeerLab.RELAY), ip("::ffff:" + PeerLab.RELAY), ip(PeerLab.RELAY_V6))
                        .contains(encoded.get(i));
                assertThat(answers.subList(4 * i, 4 * i + 2))
                        .as("CreatePermission, ChannelBind for %s", encoded.get(i))
                        .containsExactly(isRelay ? ALLOWED : REFUSED, REFUSED);
            }
            client.tell("send " + relayed.split(",")[0] + " 10");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("1"));
            assertThat(packets(local, listeners)).containsOnly(0);
        }
    }

    @Test
    void whereOnlyAPortIsAllowedEveryOtherIsDeniedOnEveryPath() throws Exception {
        String allowed = at(ip(PRIVATE), PORT);
        String other = at(ip(PRIVATE), OTHER_PORT);
        int before = packets(peers, List.of(allowed)).get(0);
        try (TurnServerUnderTest relay =
                        TurnServerUnderTest.start(lab.options().with("--allow-peer", allowed), folder);
                Puppet client = lab.client(relay, folder)) {
            String relayed = client.tell("allocate");

            List<String> refused = client.tell(attacks(List.of(ip(PRIVATE)), OTHER_PORT));
            client.tell("send " + allowed + " 10");

            assertThat(refused.subList(0, 2)).containsExactly(ALLOWED, REFUSED);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(packets(peers, List.of(allowed, other))).containsExactly(before + 1, 0));

            String relay4 = relayed.split(",")[0];
            peers.tell(List.of("send " + other + " " + relay4 + " 10", "send " + allowed + " " + relay4 + " 10"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("1"));
            echoPeer(client, relayed);
            assertThat(client.tell("packets")).isEqualTo("2");
        }
    }

    /** For each address CreatePermission, ChannelBind, Send and ChannelData. */
    private static List<String> attacks(List<IpAddress> addresses, int port) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            String peer = at(addresses.get(i), port);
            int channel = 0x4000 + i;
            orders.add("permit " + addresses.get(i));
            orders.add("bind " + channel + " " + peer);
            orders.add("send " + peer + " 10");
            // Of another length: what is alike leaves as one train, which the witness counts once.
            orders.add("send-on-channel " + channel + " 11");
        }
        return orders;
    }

    private static List<String> packetsTo(String relayed, List<IpAddress> sources) {
        String[] byFamily = relayed.split(",");
        return sources.stream()
                .map(ip -> "send " + at(ip, PORT) + " " + byFamily[ip.isIpv4() ? 0 : 1] + " 10")
                .toList();
    }

    /** One packet of each family to the peer that is allowed, and of one back. */
    private void echoPeer(Puppet client, String relayed) throws IOException {
        String peer = at(ip(PeerLab.PEER), PORT);
        String peer6 = at(ip(PeerLab.PEER_V6), PORT);
        List<Integer> before = packets(peers, List.of(peer, peer6));
        int heard = Integer.parseInt(client.tell("packets"));
        client.tell(Stream.of(peer, peer6)
                .flatMap(to -> Stream.of(
                        "permit " + ip(to.equals(peer) ? PeerLab.PEER : PeerLab.PEER_V6), "send " + to + " 10"))
                .toList());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(packets(peers, List.of(peer, peer6)))
                        .containsExactly(before.get(0) + 1, before.get(1) + 1));
        peers.tell("send " + peer + " " + relayed.split(",")[0] + " 10");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(client.tell("packets")).isEqualTo("" + (heard + 1)));
    }

    private static List<String> addresses(List<IpAddress> ips) {
        return ips.stream().map(ip -> at(ip, PORT)).toList();
    }

    private static List<Integer> packets(Puppet peers, List<String> addresses) throws IOException {
        return peers
                .tell(addresses.stream().map(address -> "packets " + address).toList())
                .stream()
                .map(Integer::valueOf)
                .toList();
    }
}
