package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Listener;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Quartet;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a server listens, with every wildcard and every port 0 resolved.
 *
 * @param fixed those that the configuration names, and the four of each quartet
 * @param wildcards the listeners that stand for every address, each with a port
 * @param quartets the addresses of RFC 5780
 */
record Endpoints(Set<Listening> fixed, List<Listener> wildcards, List<Quartet> quartets) {
    /**
     * Resolves {@code config}.
     *
     * @param host the addresses that a wildcard stands for now
     * @throws BindFailedException where no port can be picked
     */
    static Endpoints of(ServerConfig config, List<IpAddress> host) {
        Set<Listening> fixed = new LinkedHashSet<>();
        List<Listener> wildcards = new ArrayList<>();
        for (Listener listener : config.listeners()) {
            Listener resolved = withPort(listener, host);
            if (listener.address().isEmpty()) {
                wildcards.add(resolved);
            } else {
                fixed.add(at(resolved, listener.address().get()));
            }
        }
        List<Quartet> quartets = new ArrayList<>();
        for (IpAddress alternate : config.alternateAddresses()) {
            Quartet quartet = quartet(alternate, config.alternatePort(), fixed, expanded(wildcards, host));
            quartets.add(quartet);
            fixed.addAll(all(quartet));
        }
        return new Endpoints(fixed, wildcards, quartets);
    }

    /** Every place to listen while {@code host} are the addresses of this host. */
    Set<Listening> on(List<IpAddress> host) {
        Set<Listening> all = new LinkedHashSet<>(fixed);
        all.addAll(expanded(wildcards, host));
        return all;
    }

    private static Listener withPort(Listener listener, List<IpAddress> host) {
        if (listener.port() != 0 || (listener.address().isEmpty() && host.isEmpty())) {
            return listener;
        }
        IpAddress first = listener.address().orElseGet(() -> host.get(0));
        int port = PortProbe.bindOnce(listener.transport(), new TransportAddress(first, 0));
        return new Listener(listener.transport(), listener.address(), port);
    }

    private static List<Listening> expanded(List<Listener> wildcards, List<IpAddress> host) {
        return wildcards.stream()
                .flatMap(listener -> host.stream().map(ip -> at(listener, ip)))
                .toList();
    }

    private static Listening at(Listener listener, IpAddress ip) {
        return new Listening(listener.transport(), new TransportAddress(ip, listener.port()));
    }

    private static Quartet quartet(IpAddress alternate, int port, Set<Listening> named, List<Listening> expanded) {
        TransportAddress primary = primaryFor(alternate, List.copyOf(named))
                .or(() -> primaryFor(alternate, expanded))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the alternate address " + alternate + " has no UDP listener of its family beside it"));
        int alternatePort = port != 0 ? port : PortProbe.bindOnce(Transport.UDP, new TransportAddress(alternate, 0));
        return new Quartet(
                primary, new TransportAddress(alternate, alternatePort), HostAddresses.mtuBytes(primary.ip()));
    }

    /** The first address that clients reach in the way that they reach the alternate, or else any of its family. */
    private static Optional<TransportAddress> primaryFor(IpAddress alternate, List<Listening> candidates) {
        List<TransportAddress> others = candidates.stream()
                .filter(each -> each.transport() == Transport.UDP)
                .map(Listening::address)
                .filter(each -> each.ip().family() == alternate.family())
                .filter(each -> !each.ip().equals(alternate))
                .toList();
        return others.stream()
                .filter(each -> HostAddresses.reach(each.ip()) == HostAddresses.reach(alternate))
                .findFirst()
                .or(() -> others.stream().findFirst());
    }

    private static List<Listening> all(Quartet quartet) {
        TransportAddress primary = quartet.primary();
        return List.of(
                new Listening(Transport.UDP, primary),
                new Listening(Transport.UDP, quartet.changed(primary, false, true)),
                new Listening(Transport.UDP, quartet.changed(primary, true, false)),
                new Listening(Transport.UDP, quartet.alternate()));
    }
}
