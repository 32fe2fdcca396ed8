package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.List;

/**
 * What a discovery is told before it begins.
 *
 * @param servers whom to ask, at least one, all of one address family
 * @param localAddresses the addresses of this host, the one from which the servers are reached first
 * @param schedule when requests are repeated
 * @param nat64Prefixes those of this network (RFC 7050), which the shell looks up; empty where there is none
 * @param streamChecks how many results of {@link NatDiscovery#onStreamCheck} are to be waited for
 */
public record DiscoveryPlan(
        List<ProbeServer> servers,
        List<IpAddress> localAddresses,
        List<Nat64Prefix> nat64Prefixes,
        RetransmissionSchedule schedule,
        int streamChecks) {
    public DiscoveryPlan {
        servers = List.copyOf(servers);
        localAddresses = List.copyOf(localAddresses);
        nat64Prefixes = List.copyOf(nat64Prefixes);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server to ask");
        }
        AddressFamily family = servers.get(0).address().ip().family();
        if (servers.stream().anyMatch(server -> server.address().ip().family() != family)) {
            throw new IllegalArgumentException("servers of two address families: " + servers);
        }
    }

    /** A plan for a network without a known NAT64 prefix. */
    public DiscoveryPlan(
            List<ProbeServer> servers,
            List<IpAddress> localAddresses,
            RetransmissionSchedule schedule,
            int streamChecks) {
        this(servers, localAddresses, List.of(), schedule, streamChecks);
    }

    /** The address family that is looked at. */
    public AddressFamily family() {
        return servers.get(0).address().ip().family();
    }
}
