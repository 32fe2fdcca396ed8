package dev.culvert.ice.vertx;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A TURN client with its flow and its timers, from the first packet to the last. Owned by one event loop. */
final class TurnSession {
    /** How long a silent server may hold up the end: what it does not hear runs out by itself. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final TurnServerAddress server;
    private final TurnOptions options;
    private final TurnClient client;
    private final Deadline deadline;
    private final Deadline limit;
    private final TurnOutcomes outcomes;
    private final Runnable onAnswered;
    private final TurnOutbox outbox = new TurnOutbox(this::onEvent, this::onData);
    private final Promise<Void> opened = Promise.promise();
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

    /** @param onAnswered called when the connection is there, or over UDP, when the server has answered */
    TurnSession(
            Vertx vertx,
            TurnServerAddress server,
            LongTermCredential credential,
            TurnOptions options,
            Runnable onAnswered) {
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
        this.outcomes = new TurnOutcomes(server.toString());
    }

    /** Connects, and asks for an allocation. */
    void open(Vertx vertx) {
        TurnLink.open(vertx, server, options, new Received()).onComplete(this::allocate, this::end);
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

    /** Completes when there is an allocation; fails where there will be none, and everything is closed then. */
    Future<Void> opened() {
        return opened.future();
    }

    /** Completes after {@link #close}; fails when the allocation or the connection is lost. */
    Future<Void> closed() {
        return closed.future();
    }

    TurnServerAddress server() {
        return server;
    }

    /** What the server granted; null before. May be called from anywhere. */
    TurnEvent.@Nullable Allocated allocated() {
        return allocated;
    }

    Optional<X509Certificate> certificate() {
        return link == null ? Optional.empty() : link.certificate();
    }

    void dataHandler(PeerDataHandler handler) {
        dataHandler = handler;
    }

    /** Calls the client while there is an allocation, and follows its deadline; fails with the reason otherwise. */
    <T> Future<T> call(BiFunction<TurnClient, TurnOutcomes, Future<T>> call) {
        if (state != State.OPEN) {
            return Future.failedFuture(outcomes.reason());
        }
        Future<T> result = call.apply(client, outcomes);
        followDeadline();
        return result;
    }

    /** Where the client is to leave what it decides. */
    TurnOutbox outbox() {
        return outbox;
    }

    /** Sends to a permitted peer; changes no deadline. */
    Future<Void> send(TransportAddress peer, ByteBuffer payload) {
        if (state != State.OPEN) {
            return Future.failedFuture(outcomes.reason());
        }
        return client.send(peer, payload, outbox)
                ? outbox.lastSend()
                : Future.failedFuture(new IllegalStateException(
                        "no permission for " + peer.ip() + "; call permit or bindChannel first, and wait for it"));
    }

    /** Deletes the allocation and frees everything; {@link #closed} tells when. */
    void close() {
        if (state != State.OPEN && state != State.OPENING) {
            return;
        }
        state = State.CLOSING;
        outcomes.fail(new NetworkException.Disconnected("this connection was closed; open a new one", null));
        if (link == null) {
            end(null);
            return;
        }
        limit.comeAfter(FAREWELL);
        drive(() -> client.close(System.nanoTime(), outbox));
    }

    private void onEvent(TurnEvent event) {
        options.events().accept(event);
        if (event instanceof TurnEvent.Allocated granted) {
            onAllocated(granted);
        } else if (event instanceof TurnEvent.AllocationFailed failed) {
            end(new TurnException(server.toString(), "allocate", failed.failure()));
        } else if (event instanceof TurnEvent.AllocationLost lost) {
            end(new TurnException(server.toString(), "keep the allocation", lost.failure()));
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
        opened.complete();
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
