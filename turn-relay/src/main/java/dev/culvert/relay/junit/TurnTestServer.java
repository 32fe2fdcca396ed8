package dev.culvert.relay.junit;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.relay.TurnConfig;
import dev.culvert.relay.core.AllocationView;
import dev.culvert.relay.core.RefusalReason;
import dev.culvert.relay.io.RelayService;
import dev.culvert.relay.io.TestBench;
import dev.culvert.server.ServerVertx;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.io.Listening;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A TURN server that a test has: where it is, who may use it, and what it does wrong. What it does wrong lasts until
 * {@link #recover}, which {@link TurnServerExtension} calls after each test. Its methods may be called from any thread
 * but event loops, and return when what they say has happened.
 */
public final class TurnTestServer implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 20;

    private final Vertx vertx;
    private final RelayService service;
    private final Disturbance disturbance;
    private final List<LongTermCredential> users;
    private final Map<Integer, Integer> refused = new HashMap<>();
    private final Set<Integer> ignored = new HashSet<>();

    private TurnTestServer(Vertx vertx, RelayService service, Disturbance disturbance, List<LongTermCredential> users) {
        this.vertx = vertx;
        this.service = service;
        this.disturbance = disturbance;
        this.users = users;
    }

    /** @param users those that {@code config} tells of, for whoever asks {@link #user} */
    static TurnTestServer start(TurnConfig config, List<LongTermCredential> users) {
        Vertx vertx = Vertx.vertx(ServerVertx.options(config.relay().server().threads()));
        Disturbance disturbance = new Disturbance();
        try {
            RelayService service = done(RelayService.start(
                    vertx, config.relay(), config.store(), new TestBench(true, disturbance::before)));
            return new TurnTestServer(vertx, service, disturbance, List.copyOf(users));
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /**
     * Where it listens for {@code transport}.
     *
     * @throws IllegalArgumentException where it does not
     */
    public TransportAddress address(Transport transport) {
        return service.endpoints().stream()
                .filter(where -> where.transport() == transport)
                .map(Listening::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the server does not listen for " + transport));
    }

    /** The {@code turn:} URI of its first listener, which is UDP unless a test wants it otherwise. */
    public StunUri turnUri() {
        return turnUris().get(0);
    }

    /** The {@code turn:} and {@code turns:} URIs of its listeners. */
    public List<StunUri> turnUris() {
        return service.uris().stream().map(StunUri::parse).toList();
    }

    /** The {@code stun:} URI of its UDP listener. */
    public StunUri stunUri() {
        return StunUri.parse("stun:" + address(Transport.UDP));
    }

    /** What {@code new RTCPeerConnection({iceServers: …})} takes, as JSON. */
    public String iceServers() {
        JsonObject server = new JsonObject().put("urls", new JsonArray(service.uris()));
        users.stream()
                .findFirst()
                .ifPresent(user -> server.put("username", user.username()).put("credential", user.password()));
        return new JsonArray().add(server).encode();
    }

    /**
     * The first user who may relay.
     *
     * @throws IllegalStateException where no user was told of
     */
    public LongTermCredential user() {
        return users.stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this server was not told of any user"));
    }

    /** All users who were told of. */
    public List<LongTermCredential> users() {
        return users;
    }

    /** The realm of their credentials. */
    public String realm() {
        return service.config().access().realm();
    }

    /** Every allocation at this moment. */
    public List<AllocationView> allocations() {
        return done(service.allocations());
    }

    /** How many requests were refused for a stale nonce (438) since the start. */
    public long staleNonces() {
        return service.refusals(RefusalReason.FOREIGN_NONCE) + service.refusals(RefusalReason.STALE_NONCE);
    }

    /** Ends an allocation, as if an operator did; its client learns it from the next answer (437). */
    public void end(AllocationView allocation) {
        done(service.end(allocation.id()));
    }

    /** Ends all allocations. */
    public void endAllocations() {
        allocations().forEach(this::end);
    }

    /** Makes every nonce stale: each client gets a 438 for its next request. */
    public void expireNonces() {
        done(service.renewNonceKeys());
    }

    /**
     * Answers authenticated requests with an error, as soon as their sender is known to be a user.
     *
     * @param method of {@link StunMethod}, such as {@link StunMethod#ALLOCATE}
     * @param code such as 486; 300–699
     */
    public synchronized void refuse(int method, int code) {
        refused.put(method, code);
        done(service.refuse(refused));
    }

    /** Lets requests of that method go unanswered, as if the network lost them. */
    public synchronized void ignore(int method) {
        ignored.add(method);
        disturbance.lose(ignored);
    }

    /** Relays no more data of clients to peers, and says nothing. */
    public void loseData() {
        disturbance.loseData();
    }

    /** Lets go unanswered and unrelayed whatever clients send, Binding requests aside, as if the server were gone. */
    public void fallSilent() {
        disturbance.loseAll();
    }

    /** Does nothing wrong any more. */
    public synchronized void recover() {
        disturbance.end();
        ignored.clear();
        refused.clear();
        done(service.refuse(Map.of()));
    }

    /** Ends all allocations and closes every socket. */
    @Override
    public void close() {
        done(service.close().eventually(vertx::close));
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the TURN server was busy", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the TURN server: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the TURN server took more than " + TIMEOUT_SECONDS + " s", e);
        }
    }
}
