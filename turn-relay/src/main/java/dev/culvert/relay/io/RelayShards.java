package dev.culvert.relay.io;

import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.SecurityOffer;
import dev.culvert.relay.config.OwnAddresses;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.AllocationWalk;
import dev.culvert.relay.core.Alternate;
import dev.culvert.relay.core.Gate;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.core.TurnServer;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.relay.usage.UsageReports;
import dev.culvert.server.io.LoopService;
import dev.culvert.server.io.ServerLoop;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops' shares of a TURN server, and what they have in common. Used by any thread. */
final class RelayShards implements LoopService.Factory {
    private static final Logger LOG = LoggerFactory.getLogger(RelayShards.class);

    /** So many allocations are looked at in a few hundred microseconds, for which packets wait. */
    private static final int WALK_STEP = 512;

    private final Vertx vertx;
    private final Optional<CredentialStore> store;
    private final TestBench bench;
    private final Ledger ledger;
    private final RelayHosts hosts;
    private final RelayLog log;
    private final UsageReports usage;
    private final SecureRandom random = new SecureRandom();
    private final List<RelayShard> shards = new CopyOnWriteArrayList<>();

    /** Guarded by {@code this}, as are the next three. */
    private RelayConfig config;

    private Optional<Known> known;
    private Set<IpAddress> own;
    private boolean isDraining;

    /** What files and options say of users, and the keys of their nonces. */
    private record Known(Credentials credentials, NonceKeys keys) {
        /**
         * For a server that asks {@code store} too.
         *
         * @param otherwise where no file has nonce keys
         */
        static Known of(RelayConfig.Access access, Optional<CredentialStore> store, NonceKeys otherwise) {
            SecurityOffer ofStore = store.map(CredentialStore::offer).orElse(SecurityOffer.ALL);
            if (access.credentials().offer().and(ofStore).lacksAlgorithm()) {
                throw new IllegalArgumentException("some users have only an md5 hash and others only a sha256 hash,"
                        + " but one challenge must do for all");
            }
            return new Known(access.credentials(), access.nonceKeys().orElse(otherwise));
        }
    }

    /** @throws IllegalArgumentException for a configuration that cannot be served */
    RelayShards(Vertx vertx, RelayConfig config, Optional<CredentialStore> store, TestBench bench, UsageReports usage) {
        this.usage = usage;
        this.vertx = vertx;
        this.config = config;
        this.store = store;
        this.bench = bench;
        this.known = config.access().insecureOpen()
                ? Optional.empty()
                : Optional.of(Known.of(config.access(), store, NonceKeys.random(random)));
        RelayConfig.Limits limits = config.limits();
        this.ledger = new Ledger(
                config.addresses().minPort(),
                config.addresses().maxPort(),
                limits.maxAllocations(),
                limits.maxAllocationsPerUser(),
                random.nextLong());
        ledger.limit(limits.bitrates());
        this.hosts = new RelayHosts(config.addresses());
        this.log = new RelayLog(config.server().log().addresses());
        this.own = ownAddresses(config, Set.of());
    }

    @Override
    public synchronized LoopService on(ServerLoop loop) {
        Optional<CredentialDesk> desk = known.map(
                users -> CredentialDesk.of(config.access().realm(), users.credentials(), users.keys(), store));
        Gate gate = desk.map(checked -> Gate.of(checked.authenticator(), loop.limiter()))
                .orElseGet(Gate::insecureOpen);
        TurnServer turn = new TurnServer(config.protocol(), hosts, gate, policy(), ledger, random);
        if (usage.isOn()) {
            turn.reportEvery(usage.interval().toNanos());
        }
        RelayShard shard = new RelayShard(loop, turn, desk, log, usage, random.nextLong());
        shards.add(shard);
        return bench.interposed().apply(shard);
    }

    private PeerPolicy policy() {
        return new PeerPolicy(config.peerRules(), own, ledger);
    }

    private Set<IpAddress> ownAddresses(RelayConfig config, Set<IpAddress> before) {
        if (bench.hasPeersOnHost()) {
            return Set.of();
        }
        try {
            return OwnAddresses.of(
                    config.server().listeners(), config.server().alternateAddresses(), config.addresses());
        } catch (SocketException e) {
            LOG.warn("cannot read the host's addresses: {}", e.getMessage());
            return before;
        }
    }

    /** What holds at this moment. */
    synchronized RelayConfig config() {
        return config;
    }

    /** Whether {@code peer} would be relayed to now. */
    synchronized PeerDecision decide(TransportAddress peer) {
        return policy().decide(peer);
    }

    /** A new credential of those that shared secrets make. */
    synchronized Optional<IssuedCredential> issue(String userId, long expiresAtEpochSeconds) {
        return known.flatMap(users -> users.credentials().issue(userId, expiresAtEpochSeconds));
    }

    Ledger ledger() {
        return ledger;
    }

    /** Begins to end what nobody refreshes. */
    synchronized void start() {
        if (known.isEmpty()) {
            LOG.warn("--insecure-no-auth: anybody who reaches this server may relay through it, without credentials");
        }
        onEach(shard -> shard.start(vertx));
    }

    /** Follows the host's addresses: relays on what is listened on, and denies as peers those that are its own. */
    synchronized void follow(List<IpAddress> listening) {
        hosts.update(listening);
        hosts.all().forEach(ledger::serve);
        Set<IpAddress> nowOwn = ownAddresses(config, own);
        if (!nowOwn.equals(own)) {
            own = nowOwn;
            enforcePolicy();
        }
    }

    private void enforcePolicy() {
        PeerPolicy policy = policy();
        onEach(shard -> shard.turn().replacePolicy(policy, shard));
    }

    /** Makes no more allocations. */
    synchronized void drain() {
        isDraining = true;
        List<Alternate> alternates = config.alternates();
        onEach(shard -> shard.turn().drain(alternates));
    }

    /**
     * Looks whether {@code next} can be served.
     *
     * @param next differs from the configuration before in live settings only
     * @return puts it in force
     * @throws IllegalArgumentException naming what is no good
     */
    synchronized Runnable prepare(RelayConfig next) {
        Optional<Known> nowKnown = known.map(before -> Known.of(next.access(), store, before.keys()));
        return () -> apply(next, nowKnown);
    }

    private synchronized void apply(RelayConfig next, Optional<Known> nowKnown) {
        RelayConfig before = config;
        // The public addresses may have been learnt at the start.
        config = next.withAddresses(before.addresses());
        known = nowKnown;
        log.show(next.server().log().addresses());
        RelayConfig.Limits limits = next.limits();
        ledger.limit(limits.maxAllocations(), limits.maxAllocationsPerUser());
        ledger.limit(limits.bitrates());
        onEach(shard -> {
            shard.turn().replaceSettings(next.protocol());
            nowKnown.ifPresent(
                    users -> shard.credentials().ifPresent(desk -> desk.replace(users.credentials(), users.keys())));
        });
        if (!next.peerRules().equals(before.peerRules())) {
            enforcePolicy();
        }
        if (isDraining) {
            drain();
        }
    }

    synchronized Future<Void> renewNonceKeys() {
        known = known.map(before -> new Known(before.credentials(), NonceKeys.random(random)));
        Optional<Known> now = known;
        return onEach(shard -> now.ifPresent(
                users -> shard.credentials().ifPresent(desk -> desk.replace(users.credentials(), users.keys()))));
    }

    Future<Void> refuse(Map<Integer, Integer> codes) {
        Map<Integer, Integer> all = Map.copyOf(codes);
        return onEach(shard -> shard.turn().refuse(all));
    }

    /** Every allocation at this moment. */
    Future<List<AllocationView>> allocations() {
        List<Future<List<AllocationView>>> parts =
                shards.stream().map(RelayShards::allocations).toList();
        return Future.all(parts)
                .map(all ->
                        parts.stream().flatMap(part -> part.result().stream()).toList());
    }

    private static Future<List<AllocationView>> allocations(RelayShard shard) {
        Promise<List<AllocationView>> done = Promise.promise();
        shard.loop().context().runOnContext(on -> {
            AllocationWalk walk = shard.turn().walk();
            collect(shard, walk, new ArrayList<>(walk.size()), done);
        });
        return done.future();
    }

    private static void collect(
            RelayShard shard, AllocationWalk walk, List<AllocationView> seen, Promise<List<AllocationView>> done) {
        if (walk.next(WALK_STEP, System.nanoTime(), seen::add)) {
            shard.loop().context().runOnContext(on -> collect(shard, walk, seen, done));
        } else {
            done.complete(seen);
        }
    }

    /** Ends the allocation of that id; false where there is none. */
    Future<Boolean> end(long id) {
        AtomicBoolean found = new AtomicBoolean();
        return onEach(shard -> {
                    if (shard.turn().end(id, System.nanoTime(), shard)) {
                        found.set(true);
                    }
                })
                .map(asked -> found.get());
    }

    /** Ends all allocations; completes when their sockets are closed. */
    Future<Void> endAll() {
        return onEach(shard -> shard.stop(vertx));
    }

    private Future<Void> onEach(Consumer<RelayShard> action) {
        List<Future<Void>> all = shards.stream().map(shard -> on(shard, action)).toList();
        return Future.join(all).mapEmpty();
    }

    private static Future<Void> on(RelayShard shard, Consumer<RelayShard> action) {
        Promise<Void> done = Promise.promise();
        shard.loop().context().runOnContext(on -> {
            action.accept(shard);
            done.complete();
        });
        return done.future();
    }

    /** The shares of the event loops. */
    List<RelayShard> all() {
        return shards;
    }

    /** The sum of all event loops' numbers at this moment. */
    long value(RelayCounter counter) {
        return shards.stream()
                .mapToLong(shard -> shard.turn().counters().value(counter))
                .sum();
    }
}
