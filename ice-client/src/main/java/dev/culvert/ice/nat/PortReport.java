package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a NAT chooses external ports and addresses, seen over many sockets (RFC 4787 §4.1, §4.2).
 *
 * @param server who was asked
 * @param scattered sockets on ports that the system picked, in the order in which they were opened
 * @param consecutive sockets on consecutive local ports, the first one even
 * @param behavior what {@code scattered} shows
 * @param assignment the rule by which ports seem to be chosen
 * @param translated whether the server saw another address than the host's own
 * @param pairs how many even local ports were followed by the next odd one, both seen
 * @param contiguousPairs how many of these were neighbours outside as well (RFC 4787 §4.2.3)
 * @param externalIps at how many IP addresses the sockets were seen; one means paired pooling
 * @param overloading whether two sockets had one external address and port at the same time (RFC 4787 REQ-3)
 */
public record PortReport(
        ProbeServer server,
        List<PortSample> scattered,
        List<PortSample> consecutive,
        PortBehavior behavior,
        PortAssignment assignment,
        boolean translated,
        int pairs,
        int contiguousPairs,
        List<IpAddress> externalIps,
        boolean overloading) {
    public PortReport {
        scattered = List.copyOf(scattered);
        consecutive = List.copyOf(consecutive);
        externalIps = List.copyOf(externalIps);
    }

    /** Reads the behaviour off both samplings. */
    public static PortReport of(
            ProbeServer server,
            List<IpAddress> localAddresses,
            List<PortSample> scattered,
            List<PortSample> consecutive) {
        List<PortSample> all =
                Stream.concat(scattered.stream(), consecutive.stream()).toList();
        List<IpAddress> externalIps =
                all.stream().map(sample -> sample.external().ip()).distinct().toList();
        List<PortBehavior.Sample> ports = scattered.stream()
                .map(sample -> new PortBehavior.Sample(
                        sample.localPort(), sample.external().port()))
                .toList();
        boolean translated = all.stream().anyMatch(sample -> !isOwn(sample, localAddresses));
        Pairs pairs = Pairs.in(consecutive);
        return new PortReport(
                server,
                scattered,
                consecutive,
                PortBehavior.of(ports, externalIps.size() <= 1),
                translated ? PortAssignment.of(scattered) : PortAssignment.NONE,
                translated,
                pairs.count,
                pairs.contiguous,
                externalIps,
                shareAnEndpoint(scattered) || shareAnEndpoint(consecutive));
    }

    /** Even local ports with the next odd one. */
    private record Pairs(int count, int contiguous) {
        static Pairs in(List<PortSample> samples) {
            Map<Integer, TransportAddress> byLocalPort = new HashMap<>();
            samples.forEach(sample -> byLocalPort.put(sample.localPort(), sample.external()));
            int count = 0;
            int contiguous = 0;
            for (PortSample even : samples) {
                TransportAddress next = byLocalPort.get(even.localPort() + 1);
                if (even.localPort() % 2 == 0 && next != null) {
                    count++;
                    contiguous += areNeighbours(even.external(), next) ? 1 : 0;
                }
            }
            return new Pairs(count, contiguous);
        }
    }

    private static boolean isOwn(PortSample sample, List<IpAddress> localAddresses) {
        return localAddresses.contains(sample.external().ip())
                && sample.localPort() == sample.external().port();
    }

    private static boolean areNeighbours(TransportAddress even, TransportAddress odd) {
        return even.ip().equals(odd.ip()) && odd.port() == even.port() + 1;
    }

    private static boolean shareAnEndpoint(List<PortSample> openTogether) {
        Set<TransportAddress> seen = new HashSet<>();
        return openTogether.stream().anyMatch(sample -> !seen.add(sample.external()));
    }

    /** Whether the server answered. */
    public boolean answered() {
        return !scattered.isEmpty();
    }
}
