package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the mapped addresses of one socket come to.
 *
 * @param mapping proven, or {@code UNKNOWN}
 * @param symmetric whether several mappings were seen, be it known or not what they depend on
 * @param why it is not proven; empty where it is
 */
record MappingFinding(MappingBehavior mapping, boolean symmetric, String why) {
    private static MappingFinding of(MappingBehavior mapping) {
        boolean symmetric = switch (mapping) {
            case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> true;
            case NONE, ENDPOINT_INDEPENDENT, BLOCKED, UNKNOWN -> false;
        };
        return new MappingFinding(mapping, symmetric, "");
    }

    static MappingFinding unknown(String why) {
        return new MappingFinding(MappingBehavior.UNKNOWN, false, why);
    }

    static MappingFinding blocked() {
        return of(MappingBehavior.BLOCKED);
    }

    /**
     * Compares mapped addresses (RFC 5780 §4.3).
     *
     * @param mappedBy what each server endpoint saw; not empty
     * @param localAddresses of this host
     * @param localPort of the socket
     */
    static MappingFinding of(
            Map<TransportAddress, TransportAddress> mappedBy, List<IpAddress> localAddresses, int localPort) {
        Set<TransportAddress> mapped = new LinkedHashSet<>(mappedBy.values());
        boolean untranslated = mapped.stream()
                .allMatch(address -> localAddresses.contains(address.ip()) && address.port() == localPort);
        // RFC 5780 §4.3: an address that is one of the client's own means that there is no NAT.
        if (untranslated) {
            return of(MappingBehavior.NONE);
        }
        Map<IpAddress, Map<Integer, TransportAddress>> byServerIp = new LinkedHashMap<>();
        mappedBy.forEach((server, seen) -> byServerIp
                .computeIfAbsent(server.ip(), ip -> new LinkedHashMap<>())
                .put(server.port(), seen));
        if (mapped.size() == 1) {
            return allEqual(byServerIp);
        }
        return contradiction(mapped, byServerIp, localAddresses)
                .map(MappingFinding::unknown)
                .orElseGet(() -> different(byServerIp));
    }

    /** Why mappings differ though no NAT has made them so; empty where only a NAT explains it. */
    private static Optional<String> contradiction(
            Set<TransportAddress> mapped,
            Map<IpAddress, Map<Integer, TransportAddress>> byServerIp,
            List<IpAddress> localAddresses) {
        long own = mapped.stream()
                .filter(address -> localAddresses.contains(address.ip()))
                .count();
        long scopes = mapped.stream()
                .map(address -> AddressScope.of(address.ip()))
                .distinct()
                .count();
        if ((own > 0 && own < mapped.size()) || scopes > 1) {
            return Optional.of("the servers stand on different sides of a NAT; ask only such as are on the Internet");
        }
        return seenByMany(byServerIp)
                .map(many -> "inconsistent: several server addresses see " + many + ", others do not");
    }

    /** A mapping that is all that two server addresses or more see. */
    private static Optional<TransportAddress> seenByMany(Map<IpAddress, Map<Integer, TransportAddress>> byServerIp) {
        Set<TransportAddress> onlyViews = new HashSet<>();
        return byServerIp.values().stream()
                .map(byPort -> Set.copyOf(byPort.values()))
                .filter(views -> views.size() == 1)
                .flatMap(Set::stream)
                .filter(view -> !onlyViews.add(view))
                .findFirst();
    }

    private static MappingFinding allEqual(Map<IpAddress, Map<Integer, TransportAddress>> byServerIp) {
        return byServerIp.size() > 1
                ? of(MappingBehavior.ENDPOINT_INDEPENDENT)
                : unknown("only one server address answered; two are needed to compare mappings");
    }

    private static MappingFinding different(Map<IpAddress, Map<Integer, TransportAddress>> byServerIp) {
        boolean dependsOnPort = byServerIp.values().stream()
                .anyMatch(byPort -> Set.copyOf(byPort.values()).size() > 1);
        if (dependsOnPort) {
            return of(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT);
        }
        if (byServerIp.values().stream().anyMatch(byPort -> byPort.size() > 1)) {
            return of(MappingBehavior.ADDRESS_DEPENDENT);
        }
        return new MappingFinding(
                MappingBehavior.UNKNOWN,
                true,
                "several mappings, but no server answered on two ports: they depend on the address or on address and port");
    }
}
