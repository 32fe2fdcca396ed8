package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An allocation on a TURN server, with its socket and its timers (RFC 8656). It is kept alive until {@link #close}.
 *
 * <p>It is opened by a URI or at a known address. A URI's servers, families and transports are tried a quarter of a second
 * after each other, and the first that answers is taken (RFC 8305). A server that sends the client to another one is
 * obeyed, three times at most (RFC 8489 §10); one that takes the local port for one in use gets another (RFC 8656 §7.4).
 *
 * <p>All happens on the event loop of the context on which it was opened; its methods may be called from anywhere. A
 * future that fails because of the server has a {@link TurnException}, because of the network a
 * {@link NetworkException}, because of the caller an {@link IllegalArgumentException} or {@link IllegalStateException}.
 *
 * <pre>{@code
 * return TurnConnection.open(vertx, uri, user, TurnOptions.defaults()).onSuccess(turn -> {
 *     turn.dataHandler((from, data) -> turn.send(from, data));
 *     turn.bindChannel(peer).onSuccess(number -> turn.send(peer, payload));
 * });
 * }</pre>
 */
public final class TurnConnection implements AutoCloseable {
    private final LoopCalls loop;
    private final TurnSession session;

    private TurnConnection(Context context, TurnSession session) {
        this.loop = new LoopCalls(context);
        this.session = session;
    }

    /**
     * Finds the servers of {@code uri} and opens an allocation on the first that answers.
     *
     * @param uri a {@code turn:} or {@code turns:} URI
     * @return the connection with its allocation; or a failure, with everything closed again
     */
    public static Future<TurnConnection> open(
            Vertx vertx, StunUri uri, LongTermCredential credential, TurnOptions options) {
        if (!uri.scheme().isTurn()) {
            return Future.failedFuture(
                    new IllegalArgumentException("'" + uri + "' is no TURN server; give a turn: or turns: URI"));
        }
        return ServerLookUp.resolve(vertx, uri, options.transports())
                .compose(attempts -> open(vertx, attempts, credential, options));
    }

    /**
     * Opens an allocation on the first of these that answers, as {@link ServerLookUp} found them.
     *
     * @param attempts at least one, in the order in which they are tried
     */
    public static Future<TurnConnection> open(
            Vertx vertx, List<ServerAttempt> attempts, LongTermCredential credential, TurnOptions options) {
        List<TurnServerAddress> servers = attempts.stream()
                .map(attempt -> TurnServerAddress.of(attempt, options.trust()))
                .toList();
        return TurnOpening.start(vertx, servers, credential, options);
    }

    /**
     * Connects to the server and asks for an allocation.
     *
     * @return the connection with its allocation; or a failure, with everything closed again
     */
    public static Future<TurnConnection> open(
            Vertx vertx, TurnServerAddress server, LongTermCredential credential, TurnOptions options) {
        return TurnOpening.start(vertx, List.of(server), credential, options);
    }

    /**
     * Begins to open, on the event loop of {@code context}.
     *
     * @param onAnswered called when the connection is there, or over UDP, when the server has answered
     */
    static TurnConnection begin(
            Vertx vertx,
            Context context,
            TurnServerAddress server,
            LongTermCredential credential,
            TurnOptions options,
            Runnable onAnswered) {
        TurnSession session = new TurnSession(vertx, server, credential, options, onAnswered);
        session.open(vertx);
        return new TurnConnection(context, session);
    }

    /** Completes when there is an allocation. */
    Future<TurnConnection> opened() {
        return session.opened().map(this);
    }

    /** The server that the allocation is on, which may be another than was asked first. */
    public TurnServerAddress server() {
        return session.server();
    }

    /** The certificate that the server has shown; empty without TLS. To be called on the event loop. */
    Optional<X509Certificate> certificate() {
        return session.certificate();
    }

    /** What the server granted. */
    public TurnEvent.Allocated allocated() {
        TurnEvent.Allocated granted = session.allocated();
        if (granted == null) {
            throw new IllegalStateException("there is no allocation yet");
        }
        return granted;
    }

    /** The relayed transport address, the first of them where there are two: what peers send to. */
    public TransportAddress relayed() {
        return allocated().relayed().get(0);
    }

    /** The server-reflexive address: where the server saw this client. */
    public TransportAddress mapped() {
        return allocated().mapped();
    }

    /** Sets who takes what peers send; without one it is discarded. */
    public TurnConnection dataHandler(PeerDataHandler handler) {
        loop.call(() -> {
            session.dataHandler(handler);
            return Future.succeededFuture();
        });
        return this;
    }

    /** Lets this peer's packets in, from any of its ports, and keeps doing so; needed before anything is sent to it. */
    public Future<Void> permit(IpAddress peer) {
        return loop.call(() -> session.call((client, outcomes) -> {
            Future<Void> outcome = outcomes.permission(peer);
            client.permit(peer, System.nanoTime(), session.outbox());
            return outcome;
        }));
    }

    /**
     * Binds a channel to this peer, by which data have 4 bytes of header instead of 36 or more; permits it too.
     *
     * @return the channel's number
     */
    public Future<Integer> bindChannel(TransportAddress peer) {
        return loop.call(() -> session.call((client, outcomes) -> {
            Future<Integer> outcome = outcomes.channel(peer);
            client.bindChannel(peer, System.nanoTime(), session.outbox());
            return outcome;
        }));
    }

    /** Gives up the permission of this peer and all channels to it; see {@link TurnClient#release}. */
    public Future<Void> release(IpAddress peer) {
        return loop.call(() -> session.call((client, outcomes) -> {
            client.release(peer);
            outcomes.release(peer);
            return Future.succeededFuture();
        }));
    }

    /**
     * Sends a datagram to a peer that is permitted; like any datagram it may be lost on the way.
     *
     * @param payload the bytes between position and limit, at most {@link TurnClient#MAX_PAYLOAD_LENGTH}; not to be
     *     changed until the future has completed.
     * @return completes when the local system has taken it
     */
    public Future<Void> send(TransportAddress peer, ByteBuffer payload) {
        return loop.call(() -> session.send(peer, payload.duplicate()));
    }

    /** Begins to delete the allocation and to close socket and timers; {@link #closed} tells when that is done. */
    @Override
    public void close() {
        shutdown();
    }

    /** Deletes the allocation, and closes socket and timers; completes when all that is done, and never fails. */
    public Future<Void> shutdown() {
        return loop.call(() -> {
            session.close();
            return session.closed().otherwiseEmpty();
        });
    }

    /** Completes when {@link #close} has done its work; fails when the allocation or the connection is lost. */
    public Future<Void> closed() {
        return session.closed();
    }
}
