package dev.culvert.testkit.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the network within which addresses mean the same: the Internet, a home, a carrier's network.
 *
 * <p>Every crossing of a segment takes one millisecond unless {@link #link(Link)} says otherwise.
 */
public final class Segment {
    private static final Link DEFAULT_LINK = Link.withLatency(Duration.ofMillis(1));

    private final SimulatedNetwork network;
    private final String name;
    private final @Nullable Gateway uplink;
    private final Wire wire;
    private final Map<InetAddress, SimulatedHost> hosts = new LinkedHashMap<>();
    private final List<Gateway> gateways = new ArrayList<>();

    Segment(SimulatedNetwork network, String name, @Nullable Gateway uplink) {
        this.network = network;
        this.name = name;
        this.uplink = uplink;
        wire = new Wire(network, name, DEFAULT_LINK);
    }

    public SimulatedNetwork network() {
        return network;
    }

    public String name() {
        return name;
    }

    /** Gives every crossing of this segment the delays and faults of {@code link}. */
    public Segment link(Link link) {
        wire.become(link);
        return this;
    }

    /** Adds a host with these addresses, IPv4 and IPv6 in any order; the first of a family is its preferred one. */
    public SimulatedHost host(String hostName, String... addresses) {
        SimulatedHost host = new SimulatedHost(network, hostName);
        join(host, Arrays.stream(addresses).map(Addresses::address).toList());
        return host;
    }

    /** Attaches a gateway that stands between this segment, its outside, and another one. */
    public void attach(Gateway gateway) {
        gateways.add(gateway);
    }

    /** Puts a datagram onto this segment, which delivers it to a host or a gateway; for gateways. */
    public void send(Datagram datagram) {
        wire.carry(datagram, this::route);
    }

    /** Whether a host here, or behind a gateway attached here, is reached by this address. */
    public boolean reaches(InetAddress address) {
        return hosts.containsKey(address) || gateways.stream().anyMatch(gateway -> gateway.leadsTo(address));
    }

    void join(SimulatedHost host, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (reaches(address)) {
                throw new IllegalArgumentException(address.getHostAddress() + " is taken on " + name);
            }
            hosts.put(address, host);
            host.onJoined(this, address);
        }
    }

    private void route(Datagram datagram) {
        InetSocketAddress destination = datagram.destination();
        SimulatedHost host = hosts.get(destination.getAddress());
        if (host != null) {
            host.onArrival(datagram);
            return;
        }
        for (Gateway gateway : gateways) {
            if (gateway.leadsTo(destination.getAddress())) {
                gateway.onOutside(datagram);
                return;
            }
        }
        if (uplink != null) {
            uplink.onInside(datagram);
            return;
        }
        network.trace().note(Trace.Outcome.DROPPED, name, "no route", datagram);
    }

    @Override
    public String toString() {
        return name;
    }
}
