package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedHost;
import dev.culvert.testkit.net.SimulatedNetwork;
import java.util.ArrayList;
import java.util.List;

/** Runs discoveries with the sockets of a simulated host, in virtual time. */
final class SimulatedDiscovery {
    private SimulatedDiscovery() {}

    static NatReport run(SimulatedNetwork network, SimulatedHost host, TransportAddress... servers) {
        return run(network, host, List.of(), servers);
    }

    static NatReport run(
            SimulatedNetwork network, SimulatedHost host, List<StreamCheck> streams, TransportAddress... servers) {
        List<ProbeServer> asked = new ArrayList<>();
        for (TransportAddress server : servers) {
            asked.add(new ProbeServer(server.toString(), server));
        }
        DiscoveryPlan plan = new DiscoveryPlan(
                asked, SimulatedMeasurement.localAddresses(host), RetransmissionSchedule.probe(), streams.size());
        NatDiscovery[] discovery = new NatDiscovery[1];
        return SimulatedMeasurement.run(
                network,
                host,
                0,
                output -> {
                    discovery[0] = new NatDiscovery(plan, network.random(), output);
                    return discovery[0];
                },
                () -> streams.forEach(check -> discovery[0].onStreamCheck(check, network.nowNanos())));
    }
}
