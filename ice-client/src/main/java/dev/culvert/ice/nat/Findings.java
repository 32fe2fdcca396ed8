package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Draws the conclusions from all exchanges of a discovery. */
final class Findings {
    /** What remains of a confidence that rests on too little. */
    private static final double LOW_CONFIDENCE = 0.9;

    private final DiscoveryPlan plan;
    private final Prober prober;
    private final List<ServerProbe> servers;
    private final Map<TransportAddress, BindingExchange> mapping;
    private final Map<TransportAddress, BindingExchange> repeated;
    private final List<BindingExchange> ports;
    private final Optional<FragmentTests> fragments;

    Findings(
            DiscoveryPlan plan,
            Prober prober,
            List<ServerProbe> servers,
            Map<TransportAddress, BindingExchange> mapping,
            Map<TransportAddress, BindingExchange> repeated,
            List<BindingExchange> ports,
            Optional<FragmentTests> fragments) {
        this.plan = plan;
        this.prober = prober;
        this.servers = servers;
        this.mapping = mapping;
        this.repeated = repeated;
        this.ports = ports;
        this.fragments = fragments;
    }

    NatReport toReport(SocketId mappingSocket, Measurement.Output<NatReport> sockets) {
        Map<TransportAddress, TransportAddress> mappedBy = mappedBy(mapping);
        int localPort = mappedBy.isEmpty() ? 0 : sockets.localPort(mappingSocket);
        List<TransportAddress> external = List.copyOf(new LinkedHashSet<>(mappedBy.values()));
        List<TransportAddress> local = plan.localAddresses().stream()
                .filter(ip -> ip.family() == plan.family())
                .map(ip -> new TransportAddress(ip, localPort))
                .toList();
        return new NatReport(
                verdict(mappedBy, localPort),
                external,
                local,
                servers.stream().map(server -> server.toFinding(prober)).toList(),
                evidence(sockets),
                portBehavior(sockets),
                fragments.map(FragmentTests::behavior).orElse(FragmentBehavior.UNTRIED),
                new Hints(plan, external, localPort).hints(),
                prober.loss());
    }

    private static Map<TransportAddress, TransportAddress> mappedBy(Map<TransportAddress, BindingExchange> exchanges) {
        Map<TransportAddress, TransportAddress> mappedBy = new LinkedHashMap<>();
        exchanges.forEach((to, exchange) -> exchange.mapped().ifPresent(mapped -> mappedBy.put(to, mapped)));
        return mappedBy;
    }

    private Verdict verdict(Map<TransportAddress, TransportAddress> mappedBy, int localPort) {
        MappingFinding mappingFinding = mappingFinding(mappedBy, localPort);
        FilteringFinding filtering =
                mappedBy.isEmpty() ? FilteringFinding.unknown("no server answered over UDP") : filteringFinding();
        List<Inconclusive> inconclusive = new ArrayList<>();
        if (mappingFinding.mapping() == MappingBehavior.UNKNOWN) {
            inconclusive.add(new Inconclusive("mapping", mappingFinding.why()));
        }
        if (filtering.filtering() == FilteringBehavior.UNKNOWN && mappingFinding.mapping() != MappingBehavior.BLOCKED) {
            inconclusive.add(new Inconclusive("filtering", filtering.why()));
        }
        NatType natType = mappingFinding.symmetric()
                ? NatType.SYMMETRIC
                : NatType.of(mappingFinding.mapping(), filtering.filtering());
        List<String> caveats = natType == NatType.UNKNOWN ? List.of() : caveats(mappedBy);
        double confidence = natType == NatType.UNKNOWN ? 0 : confidence(mappedBy, filtering);
        return new Verdict(
                mappingFinding.mapping(),
                filtering.filtering(),
                natType,
                caveats.isEmpty() ? confidence : Math.min(confidence, LOW_CONFIDENCE),
                caveats,
                inconclusive);
    }

    private MappingFinding mappingFinding(Map<TransportAddress, TransportAddress> mappedBy, int localPort) {
        if (mappedBy.isEmpty()) {
            return withoutMapping();
        }
        Optional<TransportAddress> drifted = drifted(mappedBy);
        if (drifted.isPresent()) {
            return MappingFinding.unknown("inconsistent: the mapping towards " + drifted.get() + " changed meanwhile");
        }
        return MappingFinding.of(mappedBy, plan.localAddresses(), localPort);
    }

    private MappingFinding withoutMapping() {
        if (prober.exchanges().stream().anyMatch(BindingExchange::heard)) {
            return MappingFinding.unknown("UDP passes, but no server told a mapped address from where it was asked");
        }
        if (servers.stream().anyMatch(ServerProbe::answersOnlyTcp)) {
            return MappingFinding.blocked();
        }
        return MappingFinding.unknown(
                servers.stream().anyMatch(ServerProbe::answersTls)
                        ? "no server answered over UDP, though TLS reached one: UDP is blocked, or not served there"
                        : "no server answered, over UDP or otherwise: it is not known what is at fault");
    }

    private Optional<TransportAddress> drifted(Map<TransportAddress, TransportAddress> mappedBy) {
        Map<TransportAddress, TransportAddress> later = mappedBy(repeated);
        return mappedBy.entrySet().stream()
                .filter(first -> !first.getValue().equals(later.getOrDefault(first.getKey(), first.getValue())))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private FilteringFinding filteringFinding() {
        List<FilteringFinding> all = servers.stream()
                .flatMap(server -> server.filteringTests().stream())
                .map(tests -> FilteringFinding.of(tests, prober))
                .toList();
        List<FilteringFinding> proven = all.stream()
                .filter(finding -> finding.filtering() != FilteringBehavior.UNKNOWN)
                .toList();
        Set<FilteringBehavior> kinds = new LinkedHashSet<>();
        proven.forEach(finding -> kinds.add(finding.filtering()));
        if (kinds.size() > 1) {
            return FilteringFinding.unknown("inconsistent: servers disagree");
        }
        if (!proven.isEmpty()) {
            return proven.get(0);
        }
        return all.stream().findFirst().orElseGet(this::notMeasurable);
    }

    private FilteringFinding notMeasurable() {
        String faults = servers.stream()
                .flatMap(server -> server.toFinding(prober).faults().stream())
                .map(fault -> "; a server's fault: " + fault.kind().meaning())
                .findFirst()
                .orElse("");
        return FilteringFinding.unknown(
                "not measurable with these servers: none answers from a second address (RFC 5780)" + faults);
    }

    private List<String> caveats(Map<TransportAddress, TransportAddress> mappedBy) {
        if (mappedBy.isEmpty()) {
            return servers.stream().filter(ServerProbe::answersOnlyTcp).count() == 1
                    ? List.of("only one server answered over TCP, and it may not serve UDP")
                    : List.of();
        }
        List<String> caveats = new ArrayList<>();
        long answering = servers.stream()
                .filter(ServerProbe::answered)
                .map(server -> server.server().address().ip())
                .distinct()
                .count();
        if (answering == 1) {
            caveats.add("only one server answered");
        }
        if (mappedBy(repeated).isEmpty()) {
            caveats.add("the check for drift was not answered");
        }
        return caveats;
    }

    /** Each further answer that fits makes it less likely that chance made mappings equal. */
    private double confidence(Map<TransportAddress, TransportAddress> mappedBy, FilteringFinding filtering) {
        double ofMapping = prober.confidenceAfter(Math.max(1, mappedBy.size() - 1));
        return filtering.filtering() == FilteringBehavior.UNKNOWN ? ofMapping : ofMapping * filtering.confidence();
    }

    private List<Evidence> evidence(Measurement.Output<NatReport> sockets) {
        return prober.exchanges().stream()
                .map(exchange -> exchange.toEvidence(
                        sockets.localPort(exchange.transaction().request().socket())))
                .toList();
    }

    private PortBehavior portBehavior(Measurement.Output<NatReport> sockets) {
        List<PortBehavior.Sample> samples = new ArrayList<>();
        Set<Object> addresses = new LinkedHashSet<>();
        for (BindingExchange exchange : ports) {
            exchange.mapped().ifPresent(mapped -> {
                SocketId socket = exchange.transaction().request().socket();
                samples.add(new PortBehavior.Sample(sockets.localPort(socket), mapped.port()));
                addresses.add(mapped.ip());
            });
        }
        return PortBehavior.of(samples, addresses.size() <= 1);
    }
}
