package dev.culvert.ice.nat;

import dev.culvert.ice.nat.Hint.Kind;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;

/** Signs of a second NAT and of translation between address families. */
final class Hints {
    private final DiscoveryPlan plan;
    private final List<TransportAddress> external;
    private final int localPort;
    private final List<Hint> hints = new ArrayList<>();

    /**
     * @param external where servers saw one socket
     * @param localPort of that socket
     */
    Hints(DiscoveryPlan plan, List<TransportAddress> external, int localPort) {
        this.plan = plan;
        this.external = external;
        this.localPort = localPort;
    }

    List<Hint> hints() {
        plan.localAddresses().forEach(this::addHintsOfLocal);
        long publicIps = external.stream().map(TransportAddress::ip).distinct().count();
        if (publicIps > 1) {
            add(
                    Kind.SEVERAL_ADDRESSES,
                    "one socket is seen at " + publicIps + " IP addresses: a NAT with a pool, as carriers have");
        }
        external.stream().map(TransportAddress::ip).distinct().forEach(this::addHintsOfExternal);
        external.forEach(this::addHintOfPrefixTranslation);
        plan.servers().forEach(server -> addHintOfSynthesis(server.address().ip()));
        return List.copyOf(hints);
    }

    private void add(Kind kind, String text) {
        hints.add(new Hint(kind, text));
    }

    private void addHintsOfLocal(IpAddress ip) {
        if (AddressScope.of(ip) == AddressScope.CARRIER) {
            add(
                    Kind.CARRIER_NAT,
                    "this host's address " + ip + " is of 100.64.0.0/10: a carrier-grade NAT is in the way");
        }
        // RFC 7335: 192.0.0.0/29 is what hosts and routers use that carry IPv4 over an IPv6 network.
        boolean isService = ip.isIpv4() && (ip.low() & 0xFFFF_FFF8L) == 0xC000_0000L;
        if (isService) {
            add(
                    Kind.IPV4_OVER_IPV6,
                    "this host's address " + ip
                            + " is of 192.0.0.0/29: IPv4 is carried over IPv6 (464XLAT or DS-Lite)");
        }
    }

    private void addHintsOfExternal(IpAddress ip) {
        if (plan.localAddresses().contains(ip)) {
            return;
        }
        boolean publicServer = plan.servers().stream()
                .anyMatch(server -> AddressScope.of(server.address().ip()) == AddressScope.PUBLIC);
        boolean outermost = AddressScope.of(ip) == AddressScope.PUBLIC;
        if (!outermost && !publicServer) {
            add(
                    Kind.MORE_NAT,
                    "the server sees " + ip + " and is itself not on the Internet: a NAT may follow behind it");
        } else if (!outermost) {
            add(Kind.SERVER_INSIDE, "the server sees the private address " + ip + ": it stands inside a NAT");
        }
        if (ip.isIpv4() && plan.family() == AddressFamily.IPV6) {
            add(Kind.NAT64, "asked over IPv6, the server sees the IPv4 address " + ip + ": NAT64 is in the way");
        }
    }

    private void addHintOfPrefixTranslation(TransportAddress seen) {
        for (IpAddress ip : plan.localAddresses()) {
            if (isPrefixTranslation(ip, seen)) {
                add(Kind.NPTV6, "only the prefix of " + ip + " is translated (NPTv6): it is seen as " + seen.ip());
                return;
            }
        }
    }

    /** RFC 6296 §3: ports stay, and the checksum of the address too, or all behind the prefix where it is done simply. */
    private boolean isPrefixTranslation(IpAddress local, TransportAddress seen) {
        boolean comparable = !local.isIpv4() && !seen.ip().isIpv4() && seen.port() == localPort;
        return comparable
                && local.high() != seen.ip().high()
                && (local.low() == seen.ip().low() || checksum(local) == checksum(seen.ip()));
    }

    /** The sum of its eight words in one's complement. */
    private static long checksum(IpAddress ip) {
        long sum = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Short.SIZE) {
            sum += (ip.high() >>> shift & 0xFFFF) + (ip.low() >>> shift & 0xFFFF);
        }
        return sum % 0xFFFF;
    }

    private void addHintOfSynthesis(IpAddress server) {
        for (Nat64Prefix prefix : plan.nat64Prefixes()) {
            prefix.embeddedIn(server)
                    .ifPresent(ipv4 -> add(
                            Kind.NAT64,
                            "the server's address " + server + " stands for " + ipv4 + " behind NAT64 (" + prefix
                                    + ")"));
        }
    }
}
