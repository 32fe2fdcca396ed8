package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Finds out what NAT this host is behind (RFC 5780, RFC 4787). Mutable, owned by one thread.
 *
 * <p>Drive it so: call {@link #start}, then {@link #onMessage} for each datagram and {@link #onTimeout} when
 * {@link #nextDeadlineNanos} has come, until {@link Output#onFinished}. All results leave through {@link Output} during
 * these calls. Sockets are opened in the same order in every run with the same servers.
 *
 * <p>Mapping is measured on one socket, each filtering test runs on a socket of its own, all at the same time; at the
 * end the mapping is measured once more.
 */
public final class NatDiscovery implements Measurement {
    private static final int PORT_SOCKETS = 8;

    /** Further servers with two addresses would answer the same question again. */
    private static final int MAX_FILTERING_SERVERS = 2;

    private final DiscoveryPlan plan;
    private final Measurement.Output<NatReport> out;
    private final StunTransactions transactions;
    private final Prober prober;
    private final List<ServerProbe> servers = new ArrayList<>();
    private final Map<TransportAddress, BindingExchange> mapping = new LinkedHashMap<>();
    private final Map<TransportAddress, BindingExchange> repeated = new LinkedHashMap<>();
    private final List<BindingExchange> ports = new ArrayList<>();
    private Optional<FragmentTests> fragments = Optional.empty();
    private SocketId mappingSocket = new SocketId(-1);
    private int filteringServers;
    private int missingStreamChecks;
    private Phase phase = Phase.MAPPING;

    private enum Phase {
        /** The mapping vector is incomplete. */
        MAPPING,
        /** The filtering tests, the tests with fragments and the port samples run. */
        REST,
        /** The mapping is asked for once more. */
        DRIFT,
        STREAMS,
        FINISHED
    }

    /**
     * @param random for transaction ids; unpredictable to others
     * @param out called during calls to this discovery
     */
    public NatDiscovery(DiscoveryPlan plan, RandomGenerator random, Measurement.Output<NatReport> out) {
        this.plan = plan;
        this.out = out;
        transactions = new StunTransactions(out);
        prober = new Prober(transactions, plan.schedule(), random);
        missingStreamChecks = plan.streamChecks();
        plan.servers().forEach(server -> servers.add(new ServerProbe(server)));
    }

    @Override
    public void start(long nowNanos) {
        prober.at(nowNanos);
        mappingSocket = out.openSocket(plan.family());
        for (ServerProbe server : servers) {
            TransportAddress to = server.server().address();
            mapping.put(to, prober.plain("M", mappingSocket, to, ended -> onFirstAnswer(server, ended)));
        }
    }

    @Override
    public void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos) {
        prober.at(nowNanos);
        transactions.onMessage(socket, from, bytes, nowNanos);
        advance();
    }

    /** Takes in what became of an attempt over TCP or TLS; as many are waited for as the plan says. */
    public void onStreamCheck(StreamCheck check, long nowNanos) {
        prober.at(nowNanos);
        missingStreamChecks--;
        servers.stream()
                .filter(server -> server.server().equals(check.server()))
                .forEach(server -> server.addStream(check));
        advance();
    }

    @Override
    public void onTimeout(long nowNanos) {
        prober.at(nowNanos);
        transactions.onTimeout(nowNanos);
        advance();
    }

    @Override
    public OptionalLong nextDeadlineNanos() {
        return transactions.nextDeadlineNanos();
    }

    private void onFirstAnswer(ServerProbe server, BindingExchange exchange) {
        server.onFirst(exchange);
        server.usableOther().ifPresent(other -> onBehaviorDiscovery(server, other));
    }

    private void onBehaviorDiscovery(ServerProbe server, TransportAddress other) {
        TransportAddress primary = server.server().address();
        askAlternate(server, new TransportAddress(other.ip(), primary.port()));
        askAlternate(server, other);
        askAlternate(server, new TransportAddress(primary.ip(), other.port()));
        if (filteringServers < MAX_FILTERING_SERVERS) {
            filteringServers++;
            FilteringTests tests = new FilteringTests(prober, primary, other);
            server.filteringTests(tests);
            tests.start(() -> out.openSocket(plan.family()));
        }
    }

    private void askAlternate(ServerProbe server, TransportAddress to) {
        if (!mapping.containsKey(to)) {
            mapping.put(to, prober.plain("M", mappingSocket, to, ended -> {}));
        }
        server.addAlternate(mapping.get(to));
    }

    private void advance() {
        if (phase == Phase.MAPPING && mapping.values().stream().allMatch(BindingExchange::hasEnded)) {
            phase = Phase.REST;
            startFragmentTests();
            samplePort();
        }
        if (phase == Phase.REST && prober.isIdle()) {
            phase = Phase.DRIFT;
            answeredMappings().forEach(to -> repeated.put(to, prober.plain("D", mappingSocket, to, ended -> {})));
        }
        if (phase == Phase.DRIFT && prober.isIdle()) {
            phase = Phase.STREAMS;
        }
        if (phase == Phase.STREAMS && missingStreamChecks <= 0) {
            phase = Phase.FINISHED;
            Findings findings = new Findings(plan, prober, servers, mapping, repeated, ports, fragments);
            out.onFinished(findings.toReport(mappingSocket, out));
        }
    }

    /** One server is enough, if possible one that knows PADDING. */
    private void startFragmentTests() {
        Optional<ServerProbe> answering = servers.stream()
                .filter(server -> server.usableOther().isPresent())
                .findFirst()
                .or(() -> servers.stream().filter(ServerProbe::answered).findFirst());
        fragments = answering.map(server -> new FragmentTests(
                prober, server.server().address(), server.usableOther().isPresent()));
        fragments.ifPresent(tests -> tests.start(() -> out.openSocket(plan.family())));
    }

    /** One socket after the other, so that their order at the NAT is known. */
    private void samplePort() {
        if (ports.size() == PORT_SOCKETS) {
            return;
        }
        answeredMappings().stream().findFirst().ifPresent(to -> {
            SocketId socket = out.openSocket(plan.family());
            prober.plain("P", socket, to, ended -> {
                ports.add(ended);
                if (ended.succeeded()) {
                    samplePort();
                }
            });
        });
    }

    private List<TransportAddress> answeredMappings() {
        return mapping.entrySet().stream()
                .filter(entry -> entry.getValue().mapped().isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }
}
