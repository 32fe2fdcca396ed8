package dev.culvert.relay.it;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.lab.LabHost;
import dev.culvert.testkit.lab.NamespaceLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A client, a server, and a host with peers to which the server sends whatever is not on its own networks.
 *
 * <pre>
 *   client c0 ──────── s0 server s1 ──────── p0 peers
 *        5.5.5.2   5.5.5.1     5.5.6.1    5.5.6.2
 * </pre>
 *
 * <p>The addresses are of no special-purpose block, since those are denied; nothing leads out of the laboratory.
 */
final class PeerLab implements AutoCloseable {
    static final String SERVER = "5.5.5.1";
    static final String RELAY = "5.5.6.1";
    static final String RELAY_V6 = "2a10:6::1";
    static final String PEER = "5.5.6.2";
    static final String PEER_V6 = "2a10:6::2";

    private final NamespaceLab lab = NamespaceLab.open();
    private final LabHost client = lab.host("client");
    private final LabHost server = lab.host("server");
    private final LabHost peers = lab.host("peers");

    PeerLab() {
        lab.cable(client, "c0", server, "s0");
        lab.cable(server, "s1", peers, "p0");
        client.address("c0", "5.5.5.2/24");
        server.address("s0", SERVER + "/24")
                .address("s1", RELAY + "/24")
                .address("s1", RELAY_V6 + "/64")
                .defaultRoute(PEER);
        peers.address("p0", PEER + "/24").address("p0", PEER_V6 + "/64");
        server.run("ip", "-6", "route", "add", "default", "via", PEER_V6).check();
    }

    LabHost client() {
        return client;
    }

    LabHost server() {
        return server;
    }

    LabHost peers() {
        return peers;
    }

    /** Gives addresses to the peers' host. */
    void own(List<IpAddress> addresses) {
        String commands = addresses.stream()
                .map(address -> "ip addr add " + address + (address.isIpv4() ? "/32" : "/128") + " dev lo")
                .collect(Collectors.joining("\n", "set -e\n", ""));
        peers.run("sh", "-c", commands).check();
    }

    TurnServerOptions options() {
        return new TurnServerOptions().runBy(server::start).on(SERVER).relayingOn(RELAY, RELAY_V6);
    }

    Puppet client(TurnServerUnderTest relay, Path folder) throws IOException {
        return client(relay.address(), folder);
    }

    /** A client of a server at {@code server}; {@code more} arguments are {@code tcp}, or none. */
    Puppet client(TransportAddress server, Path folder, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(server.toString(), TurnServerUnderTest.USER, TurnServerUnderTest.PASSWORD));
        arguments.addAll(List.of(more));
        return Puppet.start(client::start, folder, ClientPuppet.class, arguments);
    }

    /** Peers at these transport addresses of a host. */
    static Puppet peers(LabHost host, Path folder, List<String> addresses) throws IOException {
        return Puppet.start(host::start, folder, PeerPuppet.class, addresses);
    }

    @Override
    public void close() {
        lab.close();
    }
}
