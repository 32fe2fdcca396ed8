package dev.culvert.relay.io;

import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.config.OwnAddresses;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.Bitrates;
import dev.culvert.relay.core.Gate;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.server.RunningServer;
import dev.culvert.server.StunService;
import dev.culvert.server.io.Listening;
import dev.culvert.server.io.LoopService;
import dev.culvert.server.io.ServerLoop;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running TURN server, which is a STUN server too, on the event loops of a Vert.x instance. Its methods may be called
 * from any thread.
 */
public final class TurnRelay implements RunningServer {
    private static final Logger LOG = LoggerFactory.getLogger(TurnRelay.class);

    /** How late an allocation may end; nothing is relayed for it meanwhile. */
    private static final long TIMER_MILLIS = 1000;

    private static final long RESCAN_MILLIS = 10_000;

    private final Vertx vertx;
    private final RelayConfig config;
    private final Optional<CredentialStore> store;
    private final Ledger ledger;
    private final RelayHosts hosts;
    private final RelayLog log;
    private final List<RelayShard> shards = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private final Promise<Void> drained = Promise.promise();
    private volatile boolean draining;
    private volatile Set<IpAddress> own;
    private volatile StunService service;

    private TurnRelay(Vertx vertx, RelayConfig config, Optional<CredentialStore> store) {
        this.vertx = vertx;
        this.config = config;
        this.store = store;
        this.ledger = new Ledger(
                config.addresses().minPort(),
                config.addresses().maxPort(),
                config.limits().maxAllocations(),
                config.limits().maxAllocationsPerUser());
        ledger.limit(new Bitrates(
                config.limits().bitsPerSecondPerAllocation(),
                config.limits().bitsPerSecondPerUser(),
                config.limits().bitsPerSecond()));
        this.hosts = new RelayHosts(config.addresses());
        this.log = new RelayLog(config.server().log().addresses());
        this.own = ownAddresses(Set.of());
    }

    /**
     * Starts a server.
     *
     * @return the running server; or, with everything closed again, a failure: {@link IllegalArgumentException} for a
     *     configuration that cannot be served, {@link dev.culvert.server.io.BindFailedException} for a port that cannot
     *     be bound
     */
    public static Future<TurnRelay> start(Vertx vertx, RelayConfig config) {
        return start(vertx, config, Optional.empty());
    }

    /** Starts a server whose users are also in {@code store}, in the same way. */
    public static Future<TurnRelay> start(Vertx vertx, RelayConfig config, CredentialStore store) {
        return start(vertx, config, Optional.of(store));
    }

    private static Future<TurnRelay> start(Vertx vertx, RelayConfig config, Optional<CredentialStore> store) {
        TurnRelay relay;
        LoopService.Factory shards;
        try {
            relay = new TurnRelay(vertx, config, store);
            shards = relay.shards();
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return StunService.start(vertx, config.server(), shards).map(relay::started);
    }

    private LoopService.Factory shards() {
        SecureRandom random = new SecureRandom();
        if (config.access().insecureOpen()) {
            LOG.warn("--insecure-no-auth: anybody who reaches this server may relay through it, without credentials");
            return loop -> shard(loop, Gate.insecureOpen(), Optional.empty(), random);
        }
        Credentials credentials = config.access().credentials().get();
        NonceKeys keys = config.access().nonceKeys().get();
        return loop -> {
            CredentialDesk desk = CredentialDesk.of(config.access().realm(), credentials, keys, store);
            return shard(loop, Gate.of(desk.authenticator(), loop.limiter()), Optional.of(desk), random);
        };
    }

    private RelayShard shard(ServerLoop loop, Gate gate, Optional<CredentialDesk> desk, SecureRandom random) {
        TurnServer turn = new TurnServer(config.protocol(), hosts, gate, policy(), ledger, random);
        RelayShard shard = new RelayShard(loop, turn, desk, log, random.nextLong());
        shards.add(shard);
        return shard;
    }

    private PeerPolicy policy() {
        return new PeerPolicy(config.peerRules(), own, ledger);
    }

    private TurnRelay started(StunService running) {
        service = running;
        rescan();
        onEachLoop(shard -> timers.add(vertx.setPeriodic(TIMER_MILLIS, timer -> shard.onTimer())));
        timers.add(vertx.setPeriodic(RESCAN_MILLIS, timer -> rescan()));
        timers.add(vertx.setPeriodic(TIMER_MILLIS, timer -> completeWhenDrained()));
        return this;
    }

    private void onEachLoop(Consumer<RelayShard> action) {
        shards.forEach(shard -> shard.loop().context().runOnContext(on -> action.accept(shard)));
    }

    /** Follows the host's addresses: relays on what is listened on, and denies as peers those that are its own. */
    private void rescan() {
        hosts.update(service.server().listening().stream()
                .map(Listening::address)
                .map(address -> address.ip())
                .distinct()
                .toList());
        hosts.all().forEach(ledger::serve);
        Set<IpAddress> nowOwn = ownAddresses(own);
        if (!nowOwn.equals(own)) {
            own = nowOwn;
            PeerPolicy policy = policy();
            onEachLoop(shard -> shard.turn().replacePolicy(policy, shard));
        }
    }

    private Set<IpAddress> ownAddresses(Set<IpAddress> before) {
        try {
            return OwnAddresses.of(
                    config.server().listeners(), config.server().alternateAddresses(), config.addresses());
        } catch (SocketException e) {
            LOG.warn("cannot read the host's addresses: {}", e.getMessage());
            return before;
        }
    }

    @Override
    public boolean isReady() {
        return !draining && service.isReady();
    }

    @Override
    public List<String> listening() {
        return service.listening();
    }

    /** Where it listens. */
    public List<Listening> endpoints() {
        return service.server().listening();
    }

    /** What is taken at this moment: relay ports, reservations, allocations. */
    public Ledger.Totals totals() {
        return ledger.totals();
    }

    @Override
    public Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>(service.counters());
        for (RelayCounter counter : RelayCounter.values()) {
            all.put(new Series(name(counter), counter.meaning(), Series.ALL_TRANSPORTS), value(counter));
        }
        return all;
    }

    /** The sum of all event loops' numbers at this moment. */
    public long value(RelayCounter counter) {
        return shards.stream()
                .mapToLong(shard -> shard.turn().counters().value(counter))
                .sum();
    }

    private static String name(RelayCounter counter) {
        return "relay_" + counter.name().toLowerCase(Locale.ROOT);
    }

    /** Makes no more allocations; completes when the last one has ended. */
    @Override
    public Future<Void> drain() {
        draining = true;
        onEachLoop(shard -> shard.turn().drain(config.alternates()));
        completeWhenDrained();
        return drained.future();
    }

    private void completeWhenDrained() {
        if (draining && ledger.totals().equals(Ledger.Totals.ZERO)) {
            drained.tryComplete();
        }
    }

    @Override
    public List<Path> reloadableFiles() {
        return Stream.concat(service.reloadableFiles().stream(), config.access().files().stream())
                .toList();
    }

    @Override
    public void reload() {
        if (config.access().insecureOpen()) {
            service.reload();
            return;
        }
        Credentials credentials = config.access().credentials().get();
        NonceKeys keys = config.access().nonceKeys().get();
        if (credentials.offer().lacksAlgorithm()) {
            throw new IllegalArgumentException(
                    "some users have only an md5 hash and others only a sha256 hash, but one challenge must do for all");
        }
        service.reload();
        onEachLoop(shard -> shard.credentials().ifPresent(desk -> desk.replace(credentials, keys)));
    }

    /** Ends all allocations, then closes every socket; completes when the ports are free. */
    @Override
    public Future<Void> close() {
        timers.forEach(vertx::cancelTimer);
        List<Future<Void>> ended = shards.stream().map(this::endAll).toList();
        return Future.join(ended).transform(done -> service.close());
    }

    private Future<Void> endAll(RelayShard shard) {
        Promise<Void> ended = Promise.promise();
        shard.loop().context().runOnContext(on -> {
            shard.turn().endAll(System.nanoTime(), shard);
            ended.complete();
        });
        return ended.future();
    }
}
