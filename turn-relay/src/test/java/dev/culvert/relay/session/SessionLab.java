package dev.culvert.relay.session;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.VirtualClock;
import dev.culvert.testkit.nat.MappingBehavior;
import dev.culvert.testkit.nat.NatBehavior;
import dev.culvert.testkit.nat.SimulatedNat;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A TURN server on the Internet, and sites behind NATs. */
final class SessionLab {
    private static final int PAYLOADS = 8;

    final SimulatedNetwork network;
    final Traffic traffic = new Traffic();
    SimulatedTurnServer server;
    private final long seed;
    private final SimulatedHost serverHost;
    private final WallClock clock;

    SessionLab(long seed, long startNanos, ServerOptions options) {
        this.seed = seed;
        network = new SimulatedNetwork(seed, VirtualClock.startingAt(startNanos));
        clock = new WallClock(network);
        serverHost = network.internet().host("server", "203.0.113.5", "2001:db8:5::5");
        server = new SimulatedTurnServer(serverHost, clock, options);
    }

    SessionLab(long seed, ServerOptions options) {
        this(seed, Long.MIN_VALUE, options);
    }

    SessionLab(long seed) {
        this(seed, new ServerOptions());
    }

    /** The machine of the server, where other programs may have ports. */
    SimulatedHost serverHost() {
        return serverHost;
    }

    /** The server is killed, and another process takes its place. */
    void restartServer(ServerOptions options) {
        server.crash();
        startServer(options);
    }

    /** Another process takes the place of the server, which was killed before. */
    void startServer(ServerOptions options) {
        server = new SimulatedTurnServer(serverHost, clock, options);
    }

    /** Another server at that address. */
    SimulatedTurnServer serverAt(String address, ServerOptions options) {
        return new SimulatedTurnServer(network.internet().host("server " + address, address), clock, options);
    }

    /** A NAT that is 192.0.2.{@code site} to the world, or a firewall. */
    SimulatedNat nat(int site, NatBehavior behavior) {
        return behavior.mapping() == MappingBehavior.NONE
                ? SimulatedNat.on(network.internet(), behavior)
                : SimulatedNat.on(network.internet(), behavior, "192.0.2." + site);
    }

    /** A machine behind {@code nat}, the first or another one of its site. */
    SimulatedHost hostBehind(SimulatedNat nat, int site, int number) {
        boolean isFirewall = nat.behavior().mapping() == MappingBehavior.NONE;
        String address = isFirewall ? "192.0.2." + (site + number) : "192.168." + site + "." + number;
        return nat.inside().host("host " + address, address);
    }

    /** A machine with an address of each family on the Internet. */
    SimulatedHost publicHost(int number) {
        return network.internet().host("public " + number, "192.0.2." + number, "2001:db8:9::" + number);
    }

    /** The IPv4 address of that machine. */
    static IpAddress publicAddress(int number) {
        return IpAddress.parse("192.0.2." + number).orElseThrow();
    }

    /** A client on a port of its own. */
    SimulatedTurnClient client(SimulatedHost host, LongTermCredential credential) {
        return client(host.open(), server.address(), credential);
    }

    /** A client whose flow goes to {@code to}. */
    SimulatedTurnClient client(SimulatedSocket socket, TransportAddress to, LongTermCredential credential) {
        return new SimulatedTurnClient(network, socket, to, credential, Duration.ZERO, traffic);
    }

    /** A client on a port of its own, which sends something to the server at this interval. */
    SimulatedTurnClient keptAlive(SimulatedHost host, LongTermCredential credential, Duration keepalive) {
        return new SimulatedTurnClient(network, host.open(), server.address(), credential, keepalive, traffic);
    }

    PlainPeer peer(SimulatedHost host) {
        return new PlainPeer(network, host, traffic);
    }

    void run(Duration time) {
        network.runFor(time);
    }

    /** Sends on all these flows in turns; all must arrive, once and in order. */
    void exchange(Traffic.Flow... flows) {
        for (int i = 0; i < PAYLOADS; i++) {
            for (Traffic.Flow flow : flows) {
                if (!flow.send()) {
                    throw new AssertionError(flow + " is not open");
                }
            }
            run(Duration.ofMillis(3));
        }
        run(Duration.ofMillis(200));
        for (Traffic.Flow flow : flows) {
            List<Integer> all = IntStream.range(0, flow.sent()).boxed().toList();
            if (!flow.arrived().equals(all)) {
                throw new AssertionError(flow + ", of " + flow.sent() + ": " + flow.arrived() + ", seed " + seed);
            }
        }
    }
}
