package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.resolution.ServerAttempt;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    /** How long a silent server may hold up the end: what it does not hear runs out by itself. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final LoopCalls loop;
    private final TurnServerAddress server;
    private final TurnOptions options;
    private final TurnClient client;
    private final Deadline deadline;
    private final Deadline limit;
    private final TurnOutcomes outcomes;
    private final Runnable onAnswered;
    private final TurnOutbox outbox = new TurnOutbox(this::onEvent, this::onData);
    private final Promise<TurnConnection> opened = Promise.promise();
    private final Promise<Void> closed = Promise.promise();
    private volatile TurnEvent.@Nullable Allocated allocated;
    private PeerDataHandler dataHandler = (peer, data) -> {};
    private @Nullable TurnLink link;
    private State state = State.OPENING;

    private enum State {
        OPENING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private TurnConnection(
            Vertx vertx,
            Context context,
            TurnServerAddress server,
            LongTermCredential credential,
            TurnOptions options,
            Runnable onAnswered) {
        this.loop = new LoopCalls(context);
        this.server = server;
        this.options = options;
        this.onAnswered = onAnswered;
        this.client = new TurnClient(
                server.address(),
                server.clientTransport(),
                credential,
                new SecureRandom(),
                RetransmissionSchedule.standard(),
                options.keepalive());
        this.deadline = new Deadline(vertx, () -> drive(() -> client.onTimeout(System.nanoTime(), outbox)));
        this.limit = new Deadline(vertx, this::onLimit);
        this.outcomes = new TurnOutcomes(server);
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
        TurnConnection connection = new TurnConnection(vertx, context, server, credential, options, onAnswered);
        TurnLink.open(vertx, server, options, connection.new Received())
                .onComplete(connection::allocate, connection::end);
        return connection;
    }

    /** Completes when there is an allocation. */
    Future<TurnConnection> opened() {
        return opened.future();
    }

    private void allocate(TurnLink ready) {
        if (state != State.OPENING) {
            ready.close();
            return;
        }
        link = ready;
        outbox.open(ready);
        limit.comeAfter(options.timeout());
        if (server.transport() != PacketTap.Transport.UDP) {
            onAnswered.run();
        }
        drive(() -> client.allocate(options.allocate(), System.nanoTime(), outbox));
    }

    /** The server that the allocation is on, which may be another than was asked first. */
    public TurnServerAddress server() {
        return server;
    }

    /** The certificate that the server has shown; empty without TLS. To be called on the event loop. */
    Optional<X509Certificate> certificate() {
        return link == null ? Optional.empty() : link.certificate();
    }

    /** What the server granted. */
    public TurnEvent.Allocated allocated() {
        TurnEvent.Allocated granted = allocated;
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
            dataHandler = handler;
            return Future.succeededFuture();
        });
        return this;
    }

    /** Lets this peer's packets in, from any of its ports, and keeps doing so; needed before anything is sent to it. */
    public Future<Void> permit(IpAddress peer) {
        return whileOpen(() -> {
            Future<Void> outcome = outcomes.permission(peer);
            client.permit(peer, System.nanoTime(), outbox);
            return outcome;
        });
    }

    /**
     * Binds a channel to this peer, by which data have 4 bytes of header instead of 36 or more; permits it too.
     *
     * @return the channel's number
     */
    public Future<Integer> bindChannel(TransportAddress peer) {
        return whileOpen(() -> {
            Future<Integer> outcome = outcomes.channel(peer);
            client.bindChannel(peer, System.nanoTime(), outbox);
            return outcome;
        });
    }

    /** Gives up the permission of this peer and all channels to it; see {@link TurnClient#release}. */
    public Future<Void> release(IpAddress peer) {
        return whileOpen(() -> {
            client.release(peer);
            outcomes.release(peer);
            return Future.succeededFuture();
        });
    }

    /**
     * Sends a datagram to a peer that is permitted; like any datagram it may be lost on the way.
     *
     * @param payload the bytes between position and limit, at most {@link TurnClient#MAX_PAYLOAD_LENGTH}; not to be
     *     changed until the future has completed.
     * @return completes when the local system has taken it
     */
    public Future<Void> send(TransportAddress peer, ByteBuffer payload) {
        return loop.call(() -> {
            if (state != State.OPEN) {
                return Future.failedFuture(outcomes.reason());
            }
            return client.send(peer, payload.duplicate(), outbox)
                    ? outbox.lastSend()
                    : Future.failedFuture(new IllegalStateException(
                            "no permission for " + peer.ip() + "; call permit or bindChannel first, and wait for it"));
        });
    }

    /** Begins to delete the allocation and to close socket and timers; {@link #closed} tells when that is done. */
    @Override
    public void close() {
        shutdown();
    }

    /** Deletes the allocation, and closes socket and timers; completes when all that is done, and never fails. */
    public Future<Void> shutdown() {
        return loop.call(() -> {
            if (state == State.OPEN || state == State.OPENING) {
                state = State.CLOSING;
                outcomes.fail(new NetworkException.Disconnected("this connection was closed; open a new one", null));
                leave();
            }
            return closed.future().otherwiseEmpty();
        });
    }

    private void leave() {
        if (link == null) {
            end(null);
            return;
        }
        limit.comeAfter(FAREWELL);
        drive(() -> client.close(System.nanoTime(), outbox));
    }

    /** Completes when {@link #close} has done its work; fails when the allocation or the connection is lost. */
    public Future<Void> closed() {
        return closed.future();
    }

    private void onEvent(TurnEvent event) {
        options.events().accept(event);
        if (event instanceof TurnEvent.Allocated granted) {
            onAllocated(granted);
        } else if (event instanceof TurnEvent.AllocationFailed failed) {
            end(new TurnException(server, "allocate", failed.failure()));
        } else if (event instanceof TurnEvent.AllocationLost lost) {
            end(new TurnException(server, "keep the allocation", lost.failure()));
        } else if (event instanceof TurnEvent.Closed) {
            end(null);
        } else {
            outcomes.onEvent(event);
        }
    }

    private void onAllocated(TurnEvent.Allocated granted) {
        limit.cancel();
        allocated = granted;
        state = State.OPEN;
        opened.complete(this);
    }

    private void onData(TransportAddress peer, ByteBuffer data) {
        if (state == State.OPEN) {
            dataHandler.onData(peer, data);
        }
    }

    private void onLimit() {
        String waited = options.timeout().toMillis() + " ms";
        TurnFailure silence = new TurnFailure.Silence();
        end(new NetworkException.TimedOut(
                "no allocation on " + server + " within " + waited + ": " + TurnFailureText.of(silence), null));
    }

    /** Frees everything, and then tells: nothing where this was wanted, else why. */
    private void end(@Nullable Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        boolean isWanted = state == State.CLOSING;
        state = State.CLOSED;
        deadline.cancel();
        limit.cancel();
        Throwable reason = isWanted || cause == null ? outcomes.reason() : cause;
        outcomes.fail(reason);
        Future<Void> freed = link == null ? Future.succeededFuture() : link.close();
        freed.onComplete(done -> {
            opened.tryFail(reason);
            if (isWanted) {
                closed.complete();
            } else {
                closed.fail(reason);
            }
        });
    }

    private void drive(Runnable call) {
        call.run();
        followDeadline();
    }

    private void followDeadline() {
        if (state != State.CLOSED) {
            deadline.follow(client.nextDeadlineNanos());
        }
    }

    private <T> Future<T> whileOpen(Supplier<Future<T>> call) {
        return loop.call(() -> {
            if (state != State.OPEN) {
                return Future.failedFuture(outcomes.reason());
            }
            Future<T> result = call.get();
            followDeadline();
            return result;
        });
    }

    private final class Received implements TurnLink.Receiver {
        @Override
        public void onMessage(ByteBuffer buffer, int offset, int lengthBytes) {
            if (state == State.CLOSED) {
                return;
            }
            if (state == State.OPENING && server.transport() == PacketTap.Transport.UDP) {
                onAnswered.run();
            }
            outbox.beginMessage();
            client.onPacket(buffer, offset, lengthBytes, System.nanoTime(), outbox);
            // Data change no deadline, and finding the next looks at every peer.
            if (!outbox.wasData()) {
                followDeadline();
            }
        }

        @Override
        public void onLost(NetworkException cause) {
            end(cause);
        }
    }
}
