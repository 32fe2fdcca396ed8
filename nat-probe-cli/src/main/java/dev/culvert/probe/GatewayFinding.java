package dev.culvert.probe;

import dev.culvert.ice.nat.UpstreamNat;
import dev.culvert.ice.portmap.MappingFailure;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.ice.vertx.GatewaySearch;
import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What {@code nat-probe gateway} found out.
 *
 * @param router whom it asked
 * @param report what the router offers
 * @param mapped the address that a STUN server sees; empty where none was asked or answered
 * @param mapping the mapping that was asked for and made
 * @param refusals why the mapping that was asked for was not made; empty where it was, or none was asked for
 */
record GatewayFinding(
        GatewaySearch.Found router,
        RouterReport report,
        Optional<IpAddress> mapped,
        Optional<PortMapping> mapping,
        List<MappingFailure> refusals) {
    /** What stands beyond the router; empty where its address outside is not known. */
    Optional<UpstreamNat> upstream() {
        return external().filter(IpAddress::isIpv4).map(address -> UpstreamNat.of(address, mapped));
    }

    /** The router's address outside; the mapping tells it, too. */
    Optional<IpAddress> external() {
        return report.external().or(() -> mapping.map(made -> made.external().ip()));
    }

    /**
     * 0 where mapped ports can be reached as far as is known, 10 where another NAT hides them, 20 where the router
     * refuses, 30 where it is silent.
     */
    int exit() {
        if (upstream().filter(UpstreamNat::hidesMappings).isPresent()) {
            return ExitCode.RELAY_NEEDED;
        }
        if (report.isAnyOffered()) {
            return refusals.isEmpty() ? ExitCode.DIRECT : ExitCode.UDP_BLOCKED;
        }
        boolean isSilent = report.protocols().stream()
                .flatMap(protocol -> protocol.failure().stream())
                .allMatch(failure -> failure.kind() == MappingFailure.Kind.SILENT);
        return isSilent ? ExitCode.INCONCLUSIVE : ExitCode.UDP_BLOCKED;
    }
}
