package dev.culvert.probe;

import dev.culvert.ice.nat.UpstreamNat;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.stun.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** What was found out about the router, as lines that people read. */
final class GatewayText {
    private GatewayText() {}

    static String of(GatewayFinding finding) {
        List<String> lines = new ArrayList<>();
        lines.add(router(finding));
        finding.report().protocols().forEach(protocol -> lines.add(protocol(protocol)));
        lines.add("Address outside: "
                + finding.external().map(IpAddress::toString).orElse("not known"));
        finding.mapped().ifPresent(mapped -> lines.add("Address that the server sees: " + mapped));
        finding.upstream().map(UpstreamNat::text).ifPresent(text -> lines.add("Beyond the router: " + text));
        finding.mapping().ifPresent(mapping -> lines.add(mapping(mapping)));
        finding.refusals().forEach(failure -> lines.add("Not mapped: " + failure.text()));
        return String.join("\n", lines);
    }

    private static String router(GatewayFinding finding) {
        String description = finding.report().description();
        return "Router: " + finding.router().gateway().address()
                + (description.isEmpty() ? "" : " (" + description + ")")
                + (finding.router().isGuess() ? ", a guess; name it by --router" : "")
                + ", asked from " + finding.router().gateway().local();
    }

    private static String protocol(RouterReport.Protocol protocol) {
        String name = protocol.via().text() + ": ";
        if (protocol.isOffered()) {
            return name + "offered"
                    + protocol.external().map(ip -> ", address outside " + ip).orElse("");
        }
        return protocol.failure()
                .map(failure -> name + "not offered" + failure.text().substring(name.length() - 2))
                .orElse(name + "unknown");
    }

    private static String mapping(PortMapping mapping) {
        String lifetime = mapping.isPermanent()
                ? "without a lease"
                : "for " + mapping.lifetime().toSeconds() + " s, renewed before";
        return "Mapped: " + mapping.protocol() + " " + mapping.external() + " → " + mapping.internal() + " by "
                + mapping.via().text() + " " + lifetime;
    }
}
