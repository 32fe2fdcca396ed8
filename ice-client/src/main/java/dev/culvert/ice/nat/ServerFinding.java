package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was learned about one server.
 *
 * @param server which one
 * @param answered whether it answered over UDP
 * @param otherAddress its OTHER-ADDRESS, right or wrong
 * @param behaviorDiscovery whether it can serve for filtering tests (RFC 5780)
 * @param software its SOFTWARE
 * @param roundTrip the shortest one, where any is known
 * @param faults what it does wrong
 * @param streams how it was reached over TCP and TLS
 */
public record ServerFinding(
        ProbeServer server,
        boolean answered,
        Optional<TransportAddress> otherAddress,
        boolean behaviorDiscovery,
        Optional<String> software,
        Optional<Duration> roundTrip,
        List<ServerFault> faults,
        List<StreamCheck> streams) {
    public ServerFinding {
        faults = List.copyOf(faults);
        streams = List.copyOf(streams);
    }
}
