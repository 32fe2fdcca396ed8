package dev.culvert.ice.nat;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.stun.IpAddress;
import java.util.List;

/**
 * What a measurement with one server is told before it begins.
 *
 * @param server whom to ask
 * @param localAddresses the addresses of this host, the one from which the server is reached first
 * @param schedule when requests are repeated
 */
public record MeasurementPlan(ProbeServer server, List<IpAddress> localAddresses, RetransmissionSchedule schedule) {
    public MeasurementPlan {
        localAddresses = List.copyOf(localAddresses);
    }
}
