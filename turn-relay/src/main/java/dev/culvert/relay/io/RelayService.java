package dev.culvert.relay.io;

import dev.culvert.relay.admin.CredentialsPort;
import dev.culvert.relay.admin.RelayDesk;
import dev.culvert.relay.admin.RelayRoutes;
import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.RelayConfig.Minting;
import dev.culvert.relay.config.RelayConfig.MintingListener;
import dev.culvert.relay.config.TurnUris;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RefusalReason;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.relay.usage.UsageReports;
import dev.culvert.server.RunningServer;
import dev.culvert.server.StunService;
import dev.culvert.server.admin.AdminRoutes;
import dev.culvert.server.admin.HttpPort;
import dev.culvert.server.core.Histogram;
import dev.culvert.server.io.ClientTrace;
import dev.culvert.server.io.Listening;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running TURN server, which is a STUN server too, on the event loops of a Vert.x instance. Its methods may be called
 * from any thread.
 */
public final class RelayService implements RunningServer<RelayConfig>, RelayDesk {
    private static final long DRAIN_CHECK_MILLIS = 250;
    private static final long RESCAN_MILLIS = 10_000;

    private final Vertx vertx;
    private final RelayShards shards;
    private final StunService service;
    private final UsageReports usage;
    private final Promise<Void> drained = Promise.promise();
    private final long rescanTimer;
    private volatile Optional<HttpPort> credentialsPort = Optional.empty();
    private volatile boolean draining;

    private RelayService(Vertx vertx, RelayShards shards, StunService service, UsageReports usage) {
        this.usage = usage;
        this.vertx = vertx;
        this.shards = shards;
        this.service = service;
        this.rescanTimer = vertx.setPeriodic(0, RESCAN_MILLIS, timer -> follow());
    }

    /**
     * Starts a server.
     *
     * @return the running server; or, with everything closed again, a failure: {@link IllegalArgumentException} for a
     *     configuration that cannot be served, {@link dev.culvert.server.io.BindFailedException} for a port that cannot
     *     be bound, {@link IllegalStateException} where its public address is not to be learnt
     */
    public static Future<RelayService> start(Vertx vertx, RelayConfig config) {
        return start(vertx, config, Optional.empty(), TestBench.NONE);
    }

    /** Starts a server whose users are also in {@code store}, in the same way. */
    public static Future<RelayService> start(Vertx vertx, RelayConfig config, CredentialStore store) {
        return start(vertx, config, Optional.of(store), TestBench.NONE);
    }

    /** Starts a server that may behave otherwise than servers do, in the same way. */
    public static Future<RelayService> start(
            Vertx vertx, RelayConfig config, Optional<CredentialStore> store, TestBench bench) {
        return ExternalAddresses.learn(vertx, config.addresses())
                .compose(addresses -> open(vertx, config.withAddresses(addresses), store, bench));
    }

    private static Future<RelayService> open(
            Vertx vertx, RelayConfig config, Optional<CredentialStore> store, TestBench bench) {
        UsageReports usage;
        try {
            usage = UsageReports.open(
                    config.usage(),
                    config.access().realm(),
                    config.server().log().addresses());
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return open(vertx, config, store, bench, usage)
                .recover(failure -> end(vertx, usage).transform(ended -> Future.failedFuture(failure)));
    }

    private static Future<RelayService> open(
            Vertx vertx, RelayConfig config, Optional<CredentialStore> store, TestBench bench, UsageReports usage) {
        RelayShards shards;
        try {
            shards = new RelayShards(vertx, config, store, bench, usage);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return StunService.start(vertx, config.server(), shards).compose(service -> {
            RelayService relay = new RelayService(vertx, shards, service, usage);
            relay.follow();
            shards.start();
            return relay.openCredentialsPort()
                    .map(relay)
                    .recover(failure -> relay.close().transform(closed -> Future.failedFuture(failure)));
        });
    }

    private Future<Void> openCredentialsPort() {
        Minting minting = config().minting();
        if (minting.listener().isEmpty()) {
            return Future.succeededFuture();
        }
        MintingListener listener = minting.listener().get();
        try {
            return CredentialsPort.open(minting, listener, this)
                    .onSuccess(port -> credentialsPort = Optional.of(port))
                    .<Void>mapEmpty()
                    .recover(failure -> Future.failedFuture(new IllegalStateException(
                            "cannot listen on http " + listener.address() + " (--credentials-listen): "
                                    + failure.getMessage(),
                            failure)));
        } catch (IOException e) {
            return Future.failedFuture(new IllegalStateException("--credentials-token-file: " + e.getMessage(), e));
        }
    }

    private static Future<Void> end(Vertx vertx, UsageReports usage) {
        return vertx.executeBlocking(() -> {
                    usage.close();
                    return true;
                })
                .mapEmpty();
    }

    private void follow() {
        shards.follow(endpoints().stream()
                .map(Listening::address)
                .map(TransportAddress::ip)
                .distinct()
                .toList());
    }

    @Override
    public boolean isReady() {
        return !draining && service.isReady();
    }

    @Override
    public List<String> listening() {
        return service.listening();
    }

    /** What it is told at this moment. */
    @Override
    public RelayConfig config() {
        return shards.config();
    }

    /** What drives its UDP sockets, for people. */
    String transportName() {
        return service.server().transportName();
    }

    /** Where it listens. */
    public List<Listening> endpoints() {
        return service.server().listening();
    }

    /** What is taken at this moment: relay ports, reservations, allocations. */
    public Ledger.Totals totals() {
        return shards.ledger().totals();
    }

    private long liveAllocations() {
        Ledger.Totals totals = totals();
        return (long) totals.units() - totals.reservations();
    }

    @Override
    public AdminRoutes adminRoutes() {
        return new RelayRoutes(this, InstantSource.system());
    }

    @Override
    public List<String> announcements() {
        return credentialsPort.map(port -> "credentials " + port.url()).stream().toList();
    }

    @Override
    public Ledger ledger() {
        return shards.ledger();
    }

    @Override
    public PeerDecision decide(TransportAddress peer) {
        return shards.decide(peer);
    }

    @Override
    public Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds) {
        return shards.issue(userId, expiresAtEpochSeconds);
    }

    @Override
    public List<String> uris() {
        List<String> given = config().minting().uris();
        return given.isEmpty() ? listenerUris() : given;
    }

    /** A loopback address is of use to this host alone. */
    private List<String> listenerUris() {
        return endpoints().stream()
                .sorted(Comparator.comparing(
                        each -> each.address().ip().toInetAddress().isLoopbackAddress()))
                .map(each -> TurnUris.uri(
                        each.transport(),
                        config().addresses().told(each.address().ip()),
                        each.address().port()))
                .distinct()
                .toList();
    }

    /** Every allocation of all event loops as each loop sees it when it is asked. */
    @Override
    public Future<List<AllocationView>> allocations() {
        return shards.allocations();
    }

    /** Ends the allocation of that id, as an operator wants it; false where there is none. */
    @Override
    public Future<Boolean> end(long id) {
        return shards.end(id);
    }

    /** Takes no nonce of before: each client is challenged once more (438). */
    public Future<Void> renewNonceKeys() {
        return shards.renewNonceKeys();
    }

    /**
     * Answers authenticated requests with errors that they do not deserve, until told otherwise.
     *
     * @param codes by method, as {@link dev.culvert.stun.StunMethod} has them; empty for none
     */
    public Future<Void> refuse(Map<Integer, Integer> codes) {
        return shards.refuse(codes);
    }

    /** How often something has happened, on all event loops together. */
    public long value(RelayCounter counter) {
        return shards.value(counter);
    }

    /** How many requests were refused for {@code reason}, on all event loops together. */
    public long refusals(RefusalReason reason) {
        return new RelaySeries(shards).refusals().value(reason);
    }

    @Override
    public Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>(service.counters());
        all.putAll(new RelaySeries(shards).counters());
        all.putAll(usage.counters());
        return all;
    }

    @Override
    public Map<Series, Long> levels() {
        Map<Series, Long> all = new LinkedHashMap<>(service.levels());
        all.putAll(new RelaySeries(shards).levels());
        all.putAll(usage.levels());
        return all;
    }

    @Override
    public Map<Series, Histogram> histograms() {
        Map<Series, Histogram> all = new LinkedHashMap<>(service.histograms());
        all.putAll(new RelaySeries(shards).histograms());
        return all;
    }

    @Override
    public Optional<ClientTrace> trace() {
        return service.trace();
    }

    /** Makes no more allocations; completes when the last one has ended. */
    @Override
    public Future<Void> drain() {
        draining = true;
        shards.drain();
        // Not at once: a timer that fires before its start has returned cannot be cancelled (Vert.x 5).
        vertx.setPeriodic(DRAIN_CHECK_MILLIS, timer -> {
            if (totals().equals(Ledger.Totals.ZERO)) {
                drained.tryComplete();
                vertx.cancelTimer(timer);
            }
        });
        return drained.future();
    }

    @Override
    public String occupancy() {
        return RunningServer.count(liveAllocations(), "allocation");
    }

    @Override
    public void reload(RelayConfig config) {
        Runnable inForce = shards.prepare(config);
        service.reload(config.server());
        inForce.run();
    }

    /** Ends all allocations, then closes every socket and tells the last usage; completes when the ports are free. */
    @Override
    public Future<Void> close() {
        vertx.cancelTimer(rescanTimer);
        credentialsPort.ifPresent(HttpPort::close);
        return shards.endAll().transform(ended -> service.close()).eventually(() -> end(vertx, usage));
    }
}
