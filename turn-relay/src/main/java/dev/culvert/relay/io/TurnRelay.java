package dev.culvert.relay.io;

import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.Ledger;
import dev.culvert.relay.core.RelayCounter;
import dev.culvert.relay.usage.UsageReports;
import dev.culvert.server.RunningServer;
import dev.culvert.server.StunService;
import dev.culvert.server.io.Listening;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A running TURN server, which is a STUN server too, on the event loops of a Vert.x instance. Its methods may be called
 * from any thread.
 */
public final class TurnRelay implements RunningServer {
    private static final long DRAIN_CHECK_MILLIS = 250;
    private static final long RESCAN_MILLIS = 10_000;

    private final Vertx vertx;
    private final RelayConfig config;
    private final RelayShards shards;
    private final StunService service;
    private final UsageReports usage;
    private final Promise<Void> drained = Promise.promise();
    private final long rescanTimer;
    private volatile boolean draining;

    private TurnRelay(Vertx vertx, RelayConfig config, RelayShards shards, StunService service, UsageReports usage) {
        this.usage = usage;
        this.vertx = vertx;
        this.config = config;
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
    public static Future<TurnRelay> start(Vertx vertx, RelayConfig config) {
        return start(vertx, config, Optional.empty());
    }

    /** Starts a server whose users are also in {@code store}, in the same way. */
    public static Future<TurnRelay> start(Vertx vertx, RelayConfig config, CredentialStore store) {
        return start(vertx, config, Optional.of(store));
    }

    private static Future<TurnRelay> start(Vertx vertx, RelayConfig config, Optional<CredentialStore> store) {
        return ExternalAddresses.learn(vertx, config.addresses())
                .compose(addresses -> open(vertx, config.withAddresses(addresses), store));
    }

    private static Future<TurnRelay> open(Vertx vertx, RelayConfig config, Optional<CredentialStore> store) {
        UsageReports usage;
        try {
            usage = UsageReports.open(
                    config.usage(),
                    config.access().realm(),
                    config.server().log().addresses());
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return open(vertx, config, store, usage)
                .recover(failure -> end(vertx, usage).transform(ended -> Future.failedFuture(failure)));
    }

    private static Future<TurnRelay> open(
            Vertx vertx, RelayConfig config, Optional<CredentialStore> store, UsageReports usage) {
        RelayShards shards;
        try {
            shards = new RelayShards(vertx, config, store, usage);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return StunService.start(vertx, config.server(), shards).map(service -> {
            TurnRelay relay = new TurnRelay(vertx, config, shards, service, usage);
            relay.follow();
            shards.start();
            return relay;
        });
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

    /** Every allocation of all event loops as each loop sees it when it is asked. */
    public Future<List<AllocationView>> allocations() {
        return shards.allocations();
    }

    /** Ends the allocation of that id, as an operator wants it; false where there is none. */
    public Future<Boolean> end(long id) {
        return shards.end(id);
    }

    /** How often something has happened, on all event loops together. */
    public long value(RelayCounter counter) {
        return shards.value(counter);
    }

    @Override
    public Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>(service.counters());
        for (RelayCounter counter : RelayCounter.values()) {
            String name = "relay_" + counter.name().toLowerCase(Locale.ROOT);
            all.put(new Series(name, counter.meaning(), Series.ALL_TRANSPORTS), value(counter));
        }
        all.putAll(usage.counters());
        return all;
    }

    @Override
    public Map<Series, Long> levels() {
        Ledger.Totals totals = totals();
        Map<Series, Long> all = new LinkedHashMap<>(usage.levels());
        all.put(level("allocations", "allocations"), (long) totals.units() - totals.reservations());
        all.put(level("relay_ports", "relay ports that are taken, reserved ones included"), (long) totals.ports());
        all.put(level("relay_users", "users with an allocation or a reservation"), (long) totals.users());
        return all;
    }

    private static Series level(String name, String meaning) {
        return new Series(name, meaning, Series.ALL_TRANSPORTS);
    }

    /** Makes no more allocations; completes when the last one has ended. */
    @Override
    public Future<Void> drain() {
        draining = true;
        shards.drain();
        vertx.setPeriodic(0, DRAIN_CHECK_MILLIS, timer -> {
            if (totals().equals(Ledger.Totals.ZERO)) {
                vertx.cancelTimer(timer);
                drained.tryComplete();
            }
        });
        return drained.future();
    }

    @Override
    public List<Path> reloadableFiles() {
        return Stream.concat(service.reloadableFiles().stream(), config.access().files().stream())
                .toList();
    }

    @Override
    public void reload() {
        Runnable inForce = shards.reload();
        service.reload();
        inForce.run();
    }

    /** Ends all allocations, then closes every socket and tells the last usage; completes when the ports are free. */
    @Override
    public Future<Void> close() {
        vertx.cancelTimer(rescanTimer);
        return shards.endAll().transform(ended -> service.close()).eventually(() -> end(vertx, usage));
    }
}
