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
 * @param streamChecks how many results of {@link NatDiscovery#onStreamCheck} are to be waited for
 */
public record DiscoveryPlan(
        List<ProbeServer> servers, List<IpAddress> localAddresses, RetransmissionSchedule schedule, int streamChecks) {
    public DiscoveryPlan {
        servers = List.copyOf(servers);
        localAddresses = List.copyOf(localAddresses);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server to ask");
        }
        AddressFamily family = servers.get(0).address().ip().family();
        if (servers.stream().anyMatch(server -> server.address().ip().family() != family)) {
            throw new IllegalArgumentException("servers of two address families: " + servers);
        }
    }

    /** The address family that is looked at. */
    public AddressFamily family() {
        return servers.get(0).address().ip().family();
    }
}
