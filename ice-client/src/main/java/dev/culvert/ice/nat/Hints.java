package dev.culvert.ice.nat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;

/** Signs of a second NAT and of translation between address families. */
final class Hints {
    private Hints() {}

    static List<String> of(List<TransportAddress> external, List<IpAddress> local, List<ServerProbe> servers) {
        List<String> hints = new ArrayList<>();
        for (IpAddress ip : local) {
            if (AddressScope.of(ip) == AddressScope.CARRIER) {
                hints.add("this host's address " + ip + " is of 100.64.0.0/10: a carrier-grade NAT is in the way");
            }
        }
        long publicIps = external.stream().map(TransportAddress::ip).distinct().count();
        if (publicIps > 1) {
            hints.add("one socket is seen at " + publicIps + " IP addresses: a NAT with a pool, as carriers have");
        }
        external.stream().map(TransportAddress::ip).distinct().forEach(ip -> addHintsOf(ip, local, servers, hints));
        return hints;
    }

    private static void addHintsOf(
            IpAddress external, List<IpAddress> local, List<ServerProbe> servers, List<String> hints) {
        if (local.contains(external)) {
            return;
        }
        boolean publicServer = servers.stream()
                .anyMatch(server -> AddressScope.of(server.server().address().ip()) == AddressScope.PUBLIC);
        boolean outermost = AddressScope.of(external) == AddressScope.PUBLIC;
        if (!outermost && !publicServer) {
            hints.add("the server sees " + external + " and is itself not on the Internet: a NAT may follow behind it");
        } else if (!outermost) {
            hints.add("the server sees the private address " + external + ": it stands inside a NAT");
        }
        if (!external.isIpv4()) {
            addHintOfPrefixTranslation(external, local, hints);
        }
    }

    private static void addHintOfPrefixTranslation(IpAddress external, List<IpAddress> local, List<String> hints) {
        for (IpAddress ip : local) {
            if (!ip.isIpv4() && ip.low() == external.low() && ip.high() != external.high()) {
                hints.add("only the prefix of " + ip + " is translated (NPTv6)");
            }
        }
    }
}
