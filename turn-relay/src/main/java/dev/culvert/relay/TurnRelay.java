package dev.culvert.relay;

import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.io.RelayService;
import dev.culvert.relay.io.TestBench;
import dev.culvert.relay.policy.PeerDecision;
import dev.culvert.server.ServerVertx;
import dev.culvert.server.admin.StateMeters;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.Listening;
import dev.culvert.stun.TransportAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A TURN server inside another program (RFC 8656); a STUN server too (RFC 8489, RFC 5780). Its methods may be called
 * from any thread. It runs until {@link #close} or {@link #shutdown}.
 *
 * <pre>{@code
 * TurnConfig config = TurnConfig.builder()
 *         .listen("udp:127.0.0.1:0", "tcp:127.0.0.1:0")
 *         .realm("example.org")
 *         .user("alice", "wonderland")
 *         .build();
 * TurnRelay.start(config)
 *         .onSuccess(relay -> System.out.println("clients reach it at " + relay.uris()))
 *         .onFailure(cause -> System.err.println(cause.getMessage()));
 * }</pre>
 */
public final class TurnRelay implements AutoCloseable {
    private final Vertx vertx;
    private final boolean isOwnVertx;
    private final RelayService service;
    private final StateMeters meters;

    /** Guarded by {@code this}. */
    private TurnConfig config;

    private TurnRelay(Vertx vertx, boolean isOwnVertx, RelayService service, TurnConfig config) {
        this.vertx = vertx;
        this.isOwnVertx = isOwnVertx;
        this.service = service;
        this.meters = new StateMeters(service);
        this.config = config;
    }

    /**
     * Starts a server with event loops of its own, as many as {@link TurnConfig.Builder#threads} says.
     *
     * @return the running server; or, with everything closed again, a failure: {@link IllegalArgumentException} for
     *     what cannot be served, {@link dev.culvert.server.io.BindFailedException} for a port that cannot be bound,
     *     {@link IllegalStateException} where its public address is not to be learnt
     */
    public static Future<TurnRelay> start(TurnConfig config) {
        Vertx vertx = Vertx.vertx(ServerVertx.options(config.relay().server().threads()));
        return start(vertx, true, config)
                .recover(failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
    }

    /**
     * Starts a server on event loops of {@code vertx}, which stays open when the server has closed; in the same way.
     * With {@code setPreferNativeTransport(true)} packets cost the least.
     */
    public static Future<TurnRelay> start(Vertx vertx, TurnConfig config) {
        return start(vertx, false, config);
    }

    private static Future<TurnRelay> start(Vertx vertx, boolean isOwnVertx, TurnConfig config) {
        return RelayService.start(vertx, config.relay(), config.store(), TestBench.NONE)
                .map(service -> new TurnRelay(vertx, isOwnVertx, service, config));
    }

    /** Where it listens: bound addresses and ports, never a wildcard, never 0. */
    public List<Listening> listening() {
        return service.endpoints();
    }

    /**
     * The first address at which it listens for {@code transport}.
     *
     * @throws IllegalArgumentException where it does not
     */
    public TransportAddress address(Transport transport) {
        return listening().stream()
                .filter(where -> where.transport() == transport)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it does not listen for " + transport))
                .address();
    }

    /** The {@code turn:} and {@code turns:} URIs of its listeners as clients reach them, loopback ones last. */
    public List<String> uris() {
        return service.uris();
    }

    /** Whether new clients are served. */
    public boolean isReady() {
        return service.isReady();
    }

    /** Every allocation at this moment; costs the event loops a little for each. */
    public Future<List<AllocationView>> allocations() {
        return service.allocations();
    }

    /** Ends the allocation of that {@link AllocationView#id}; false where there is none. */
    public Future<Boolean> end(long id) {
        return service.end(id);
    }

    /**
     * Makes a time-limited credential for a client.
     *
     * @param userId whose it is, which quotas count; may be empty
     * @param lifetime from now on, counted in seconds
     * @return empty where there is no shared secret
     */
    public Optional<IssuedCredential> issue(String userId, Duration lifetime) {
        return service.issue(userId, Instant.now().plus(lifetime).getEpochSecond());
    }

    /** Whether {@code peer} would be relayed to now, and what decides it. */
    public PeerDecision decide(TransportAddress peer) {
        return service.decide(peer);
    }

    /** Shows in {@code registry} what it counts, under the names of {@code docs/metrics.md}. */
    public void bindTo(MeterRegistry registry) {
        meters.bindTo(registry);
    }

    /**
     * Goes on with other settings, all of them or none; what runs is not disturbed. Its files are read again. Users who
     * are asked for elsewhere stay those of the start.
     *
     * @return fails with {@link IllegalArgumentException} naming what is no good, or cannot change while it runs
     */
    public Future<Void> reload(TurnConfig next) {
        return vertx.executeBlocking(() -> {
                    synchronized (this) {
                        TurnConfig now = next.over(config);
                        service.reload(now.relay());
                        config = now;
                        return true;
                    }
                })
                .mapEmpty();
    }

    /** Makes no more allocations; completes when the last one has ended. */
    public Future<Void> drain() {
        return service.drain();
    }

    /** Begins to end all allocations and to close every socket; {@link #shutdown} tells when that is done. */
    @Override
    public void close() {
        shutdown();
    }

    /** Ends all allocations and closes every socket; completes when the ports are free. */
    public Future<Void> shutdown() {
        Future<Void> closed = service.close();
        return isOwnVertx ? closed.transform(done -> vertx.close()) : closed;
    }
}
