package dev.culvert.relay.it;

import static org.awaitility.Awaitility.await;

import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.lab.NatLab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A client that gathers behind NATs; outside of them our server, coturn, and peers that send everything back. */
final class GatheringLab implements AutoCloseable {
    static final String OURS = "relay.culvert.test";
    static final String COTURN = "coturn.culvert.test";
    static final Map<String, List<String>> SERVERS =
            Map.of(OURS, List.of("203.0.113.1", "2001:db8:1::1"), COTURN, List.of("203.0.113.2", "2001:db8:1::2"));

    /** Servers and their relayed addresses. From coturn comes one of IPv4 alone, where both families are asked for. */
    static final List<String> RELAYED =
            List.of(OURS + " 203.0.113.1", OURS + " 2001:db8:1::1", COTURN + " 203.0.113.2");

    private static final List<String> PEERS = List.of("192.0.2.2:7000", "[2001:db8:2::2]:7000");
    private static final Pattern CREATED =
            Pattern.compile("allocation created: client=(\\S+) transport=\\S+ user=\"alice\" relayed=(\\S+)");

    private final NatLab net;
    private final TurnServerUnderTest ours;
    private final TurnServerUnderTest coturn;
    private final Puppet peers;
    private final Puppet client;

    GatheringLab(NatLab net, Path folder, TestCertificate certificate) throws IOException {
        this.net = net;
        // Where a router replaces the prefix.
        net.outside()
                .run("ip", "-6", "route", "add", "2001:db8:77::/64", "via", "2001:db8:1::10")
                .check();
        ours = TurnServerUnderTest.start(
                options(OURS, certificate)
                        .with("--allow-peer", "192.0.2.2/32", "--allow-peer", "2001:db8:2::2/128")
                        .with("--relay-mode", "exclusive", "--log-addresses", "full"),
                folder);
        coturn = TurnServerUnderTest.startCoturn(options(COTURN, certificate), folder);
        peers = PeerLab.peers(net.peers(), folder, PEERS);
        for (String peer : PEERS) {
            peers.tell("echo " + peer);
        }
        List<String> arguments =
                List.of(certificate.certificate().toString(), argument(OURS, ours), argument(COTURN, coturn));
        client = Puppet.start(net.client()::start, folder, GatherPuppet.class, arguments);
    }

    private TurnServerOptions options(String name, TestCertificate certificate) {
        String[] addresses = SERVERS.getOrDefault(name, List.of()).toArray(String[]::new);
        return new TurnServerOptions()
                .runBy(net.outside()::start)
                .on(addresses)
                .relayingOn(addresses)
                .tls(certificate);
    }

    private static String argument(String name, TurnServerUnderTest server) {
        return name + "," + server.port() + "," + server.tlsPort() + "," + String.join(",", SERVERS.get(name));
    }

    /** Replaces the rules of the client's router. */
    void behind(String rules) {
        net.router().nft("flush ruleset\n" + rules);
    }

    /** Gathers until servers have told {@code wanted} addresses, or all is gathered. */
    List<LearnedAddress> gather(int wanted) throws IOException {
        return LearnedAddress.parseAll(client.tell("gather " + wanted));
    }

    /** When the last gathering came how far, such as {@code usable=12ms,settled=900ms}. */
    String milestones() throws IOException {
        return client.tell("milestones");
    }

    /** The relayed candidates through which data reached the peer of their family and came back. */
    List<TransportAddress> echoes() throws IOException {
        return Stream.of(client.tell("echo " + String.join(" ", PEERS)).split(","))
                .map(address -> TransportAddress.parse(address).orElseThrow())
                .toList();
    }

    /** Closes the gathering. */
    void closeGathering() throws IOException {
        client.tell("close");
    }

    /** Which client our server saw behind each of its relayed addresses. */
    Map<TransportAddress, TransportAddress> clientsOfOurs() {
        Map<TransportAddress, TransportAddress> clients = new HashMap<>();
        Matcher line = CREATED.matcher(ours.program().output());
        while (line.find()) {
            TransportAddress seen = TransportAddress.parse(line.group(1)).orElseThrow();
            for (String relayed : line.group(2).split(",")) {
                clients.put(TransportAddress.parse(relayed).orElseThrow(), seen);
            }
        }
        return clients;
    }

    /** Waits until our server has told that this client deleted its allocation. */
    void awaitDeleted(TransportAddress client) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ours.program()
                        .output()
                        .lines()
                        .anyMatch(line -> line.contains("allocation ended: client=" + client + " ")
                                && line.contains(" reason=deleted ")));
    }

    /** Those of {@code addresses} at which a UDP socket is open outside. */
    List<TransportAddress> open(List<TransportAddress> addresses) {
        List<String> words =
                List.of(net.outside().run("ss", "-Hnua").check().out().split("\\s+"));
        return addresses.stream()
                .filter(address -> words.contains(address.toString()))
                .toList();
    }

    @Override
    public String toString() {
        return client + "\n" + ours.program();
    }

    @Override
    public void close() {
        client.close();
        peers.close();
        ours.close();
        coturn.close();
        net.close();
    }
}
