package dev.culvert.testkit.nat;

import dev.culvert.testkit.net.Addresses;
import dev.culvert.testkit.net.Datagram;
import dev.culvert.testkit.net.Gateway;
import dev.culvert.testkit.net.Segment;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.Trace.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A NAT or firewall between an {@linkplain #inside() inside segment} of its own and an outside one.
 *
 * <p>It translates the address families of which it has a public address; the other family passes untranslated but
 * filtered, like IPv6 through a home router. The outside may be the inside of another NAT.
 *
 * <pre>{@code
 * SimulatedNat carrier = SimulatedNat.on(network.internet(), NatBehavior.symmetricRandom(), "203.0.113.1");
 * SimulatedNat home = SimulatedNat.on(carrier.inside(), NatBehavior.linuxMasquerade(false), "100.64.0.2");
 * SimulatedHost client = home.inside().host("client", "192.168.7.2");
 * }</pre>
 */
public final class SimulatedNat implements Gateway {
    private final String name;
    private final NatBehavior behavior;
    private final SimulatedNetwork network;
    private final Segment outside;
    private final Segment inside;
    private final ExternalEndpoints externalEndpoints;
    private MappingTable table;

    private SimulatedNat(Segment outside, NatBehavior behavior, List<InetAddress> publicAddresses) {
        this.behavior = behavior;
        this.outside = outside;
        network = outside.network();
        name = publicAddresses.isEmpty()
                ? "firewall"
                : "nat " + publicAddresses.get(0).getHostAddress();
        externalEndpoints = new ExternalEndpoints(publicAddresses, behavior, network.random());
        table = new MappingTable(behavior);
        inside = network.segmentBehind(this);
    }

    /**
     * Puts a NAT on {@code outside}.
     *
     * @param publicAddresses its addresses there, IPv4 or IPv6 or both; none for a firewall, at least one for a NAT
     */
    public static SimulatedNat on(Segment outside, NatBehavior behavior, String... publicAddresses) {
        boolean firewall = behavior.mapping() == MappingBehavior.NONE;
        if (firewall != (publicAddresses.length == 0)) {
            throw new IllegalArgumentException(
                    firewall ? "a firewall has no public address" : "a NAT needs a public address");
        }
        List<InetAddress> addresses =
                Arrays.stream(publicAddresses).map(Addresses::address).toList();
        for (InetAddress address : addresses) {
            if (outside.reaches(address)) {
                throw new IllegalArgumentException(address.getHostAddress() + " is taken on " + outside.name());
            }
        }
        SimulatedNat nat = new SimulatedNat(outside, behavior, addresses);
        outside.attach(nat);
        return nat;
    }

    /** The segment behind it; its hosts reach the outside through this NAT. */
    public Segment inside() {
        return inside;
    }

    public NatBehavior behavior() {
        return behavior;
    }

    /** The mappings that live now. */
    public List<ActiveMapping> mappings() {
        return table.active(network.nowNanos());
    }

    /** Forgets all mappings, as a router does that restarts. */
    public void restart() {
        table = new MappingTable(behavior);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean leadsTo(InetAddress destination) {
        return externalEndpoints.include(destination) || (!translates(destination) && inside.reaches(destination));
    }

    @Override
    public void onInside(Datagram datagram) {
        if (refusesAtOnce(datagram)) {
            return;
        }
        if (externalEndpoints.include(datagram.destination().getAddress())) {
            hairpin(datagram);
            return;
        }
        mappingFor(datagram).ifPresent(mapping -> forward(outside, datagram.from(mapping.external())));
    }

    @Override
    public void onOutside(Datagram datagram) {
        if (refusesAtOnce(datagram)) {
            return;
        }
        admit(datagram).ifPresent(mapping -> forward(inside, datagram.to(mapping.internal())));
    }

    // RFC 4787 §6: the sender gets a mapping as for any remote, and the receiver's filter judges by it.
    private void hairpin(Datagram datagram) {
        if (behavior.hairpinning() == Hairpinning.OFF) {
            drop("no hairpinning", datagram);
            return;
        }
        Optional<Datagram> fromMapping = mappingFor(datagram).map(mapping -> datagram.from(mapping.external()));
        if (fromMapping.isEmpty()) {
            return;
        }
        Datagram shown = behavior.hairpinning() == Hairpinning.EXTERNAL_SOURCE ? fromMapping.get() : datagram;
        admit(fromMapping.get()).ifPresent(target -> forward(inside, shown.to(target.internal())));
    }

    private Optional<NatMapping> mappingFor(Datagram datagram) {
        long nowNanos = network.nowNanos();
        InetSocketAddress internal = datagram.source();
        InetSocketAddress remote = datagram.destination();
        boolean translated = translates(internal.getAddress());
        Optional<NatMapping> mapping = table.find(internal, remote, translated, nowNanos)
                .or(() -> externalFor(internal, remote)
                        .map(external -> table.add(internal, external, remote, translated, nowNanos)));
        if (mapping.isEmpty()) {
            drop("no free port", datagram);
        }
        mapping.ifPresent(found -> found.onOutbound(remote, nowNanos));
        return mapping;
    }

    private Optional<InetSocketAddress> externalFor(InetSocketAddress internal, InetSocketAddress remote) {
        if (!translates(internal.getAddress())) {
            return Optional.of(internal);
        }
        long nowNanos = network.nowNanos();
        Predicate<InetSocketAddress> isFree = external -> table.isFree(external, remote, nowNanos);
        List<ActiveMapping> neighbours = behavior.ports().keepsContiguity() ? mappings() : List.of();
        return reusable(internal).filter(isFree).or(() -> externalEndpoints.choose(internal, neighbours, isFree));
    }

    private Optional<InetSocketAddress> reusable(InetSocketAddress internal) {
        return behavior.tracking() == Tracking.MAPPINGS
                ? Optional.empty()
                : table.newestExternal(internal, network.nowNanos());
    }

    private Optional<NatMapping> admit(Datagram datagram) {
        long nowNanos = network.nowNanos();
        InetSocketAddress external = datagram.destination();
        InetSocketAddress remote = datagram.source();
        Optional<NatMapping> mapping = table.admitting(external, remote, nowNanos);
        mapping.ifPresent(found -> found.onInbound(remote, behavior.filtering(), nowNanos));
        if (mapping.isEmpty()) {
            drop(table.isMapped(external, nowNanos) ? "filtered" : "no mapping", datagram);
            keepAsRoutersOwn(external, remote, nowNanos);
        }
        return mapping;
    }

    private void keepAsRoutersOwn(InetSocketAddress external, InetSocketAddress remote, long nowNanos) {
        boolean forRouter = externalEndpoints.include(external.getAddress());
        if (forRouter && behavior.tracking() == Tracking.FLOWS_OPEN_INPUT) {
            table.onRoutersOwn(external, remote, nowNanos);
        }
    }

    private boolean refusesAtOnce(Datagram datagram) {
        if (behavior.blocksUdp()) {
            drop("UDP is blocked", datagram);
            return true;
        }
        if (behavior.dropsFragments() && datagram.isFragmented()) {
            drop("fragments are dropped", datagram);
            return true;
        }
        return false;
    }

    private boolean translates(InetAddress address) {
        return externalEndpoints.haveFamilyOf(address);
    }

    private void forward(Segment segment, Datagram datagram) {
        network.trace().note(Outcome.FORWARDED, name, "", datagram);
        segment.send(datagram);
    }

    private void drop(String why, Datagram datagram) {
        network.trace().note(Outcome.DROPPED, name, why, datagram);
    }

    @Override
    public String toString() {
        return name;
    }
}
