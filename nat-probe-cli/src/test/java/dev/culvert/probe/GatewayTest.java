package dev.culvert.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.ice.portmap.Gateway;
import dev.culvert.ice.portmap.MappingFailure;
import dev.culvert.ice.portmap.MappingProtocol;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.ice.vertx.GatewaySearch;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.SchemaCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code nat-probe gateway} says of findings; how it finds them is seen behind real routers. */
class GatewayTest {
    private static final GatewaySearch.Found ROUTER =
            new GatewaySearch.Found(new Gateway(ip("192.168.7.1"), ip("192.168.7.2"), 24), "eth0", false);

    @Test
    void tellsWhatTheRouterOffersLineByLine() {
        assertThat(GatewayText.of(finding(true, "198.51.100.9", "198.51.100.9", List.of())))
                .isEqualTo("""
                        Router: 192.168.7.1 (ACME Box 7), asked from 192.168.7.2
                        PCP: offered
                        NAT-PMP: not offered: no answer from the router; it does not offer this, or it is switched off there or blocked on the way
                        UPnP IGD: offered, address outside 198.51.100.9
                        Address outside: 198.51.100.9
                        Address that the server sees: 198.51.100.9
                        Beyond the router: none: the router's address is the public one
                        Mapped: UDP 198.51.100.9:5000 → 192.168.7.2:5000 by PCP for 600 s, renewed before""");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  198.51.100.9, 198.51.100.9, '',             0",
        "true,  198.51.100.9, 198.51.100.7, '',             10",
        "true,  100.64.0.2,   '',           '',             10",
        "true,  198.51.100.9, '',           NOT_AUTHORIZED, 20",
        "false, '',           '',           '',             30"
    })
    void jsonKeepsToItsSchemaAndSaysTheExitCode(
            boolean isOffered, String external, String mapped, String refusal, int exit) {
        List<MappingFailure> refusals = refusal.isEmpty()
                ? List.of()
                : List.of(new MappingFailure(
                        MappingProtocol.PCP, MappingFailure.Kind.valueOf(refusal), "NOT_AUTHORIZED"));
        GatewayFinding finding = finding(isOffered, external, mapped, refusals);

        assertThat(SchemaCheck.problems("nat-probe.gateway.schema.json", GatewayJson.of(finding)))
                .isEmpty();
        assertThat(finding.exit()).isEqualTo(exit);
    }

    @Test
    void aRouterThatForbidsItIsNoSilentOne() {
        MappingFailure forbidden =
                new MappingFailure(MappingProtocol.PCP, MappingFailure.Kind.NOT_AUTHORIZED, "NOT_AUTHORIZED");
        RouterReport report = new RouterReport(
                ROUTER.gateway(),
                List.of(new RouterReport.Protocol(
                        MappingProtocol.PCP, false, "", Optional.empty(), Optional.of(forbidden))));

        GatewayFinding finding = new GatewayFinding(ROUTER, report, Optional.empty(), Optional.empty(), List.of());

        assertThat(finding.exit()).isEqualTo(20);
        assertThat(GatewayText.of(finding))
                .contains("PCP: not offered: NOT_AUTHORIZED: the router does not allow it; allow port mapping");
    }

    private static GatewayFinding finding(
            boolean isOffered, String external, String mapped, List<MappingFailure> refusals) {
        Optional<MappingFailure> silent =
                Optional.of(new MappingFailure(MappingProtocol.NAT_PMP, MappingFailure.Kind.SILENT, ""));
        List<RouterReport.Protocol> protocols = List.of(
                new RouterReport.Protocol(
                        MappingProtocol.PCP, isOffered, "", Optional.empty(), isOffered ? Optional.empty() : silent),
                new RouterReport.Protocol(MappingProtocol.NAT_PMP, false, "", Optional.empty(), silent),
                new RouterReport.Protocol(
                        MappingProtocol.UPNP_IGD,
                        isOffered,
                        isOffered ? "ACME Box 7" : "",
                        IpAddress.parse(external),
                        isOffered ? Optional.empty() : silent));
        PortMapping mapping = new PortMapping(
                MappingProtocol.PCP,
                PortProtocol.UDP,
                TransportAddress.parse("192.168.7.2:5000").orElseThrow(),
                new TransportAddress(IpAddress.parse(external).orElse(ip("0.0.0.0")), 5000),
                Duration.ofMinutes(10));
        boolean isMapped = isOffered && refusals.isEmpty();
        return new GatewayFinding(
                ROUTER,
                new RouterReport(ROUTER.gateway(), protocols),
                IpAddress.parse(mapped),
                isMapped ? Optional.of(mapping) : Optional.empty(),
                refusals);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
