package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateType;
import dev.culvert.ice.gather.Foundations;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherSource;
import dev.culvert.ice.gather.IceGatherer;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.gather.Pace;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers the ICE candidates of one data stream with real sockets, and keeps them alive until {@link #close}
 * (RFC 8445 §5.1.1).
 *
 * <p>All happens on the event loop of the context on which it was started; its methods may be called from anywhere. The
 * sockets stay here and serve the ICE session, too: {@link #dataHandler} gets what is not about gathering, {@link #send}
 * sends from a candidate's socket or through its allocation.
 *
 * <pre>{@code
 * IceGatheringOptions options = IceGatheringOptions.builder()
 *         .stun(StunUri.parse("stun:" + host))
 *         .turn(StunUri.parse("turn:" + host), user)
 *         .build();
 * return IceGathering.start(vertx, options, event -> {
 *     if (event instanceof GatherEvent.Gathered gathered) {
 *         signal.accept("a=" + CandidateAttribute.format(gathered.candidate()));
 *     }
 * });
 * }</pre>
 */
public final class IceGathering implements AutoCloseable {
    private final Vertx vertx;
    private final LoopCalls loop;
    private final IceGatheringOptions options;
    private final Consumer<GatherEvent> events;
    private final GatherSockets sockets;
    private final GatherLinks links;
    private final GatherMappings mappings;
    private final MulticastNames names;
    private final IceGatherer gatherer;
    private final Deadline deadline;
    private final RelayOutcomes outcomes = new RelayOutcomes();
    private final Promise<Candidate> firstUsable = Promise.promise();
    private final Promise<List<Candidate>> settled = Promise.promise();
    private final Promise<List<Candidate>> complete = Promise.promise();
    private final Promise<Void> closed = Promise.promise();
    private CandidateDataHandler dataHandler = (local, from, data) -> {};
    private long startNanos;
    private boolean isClosed;

    private IceGathering(
            Vertx vertx, Context context, IceGatheringOptions options, Session session, Consumer<GatherEvent> events) {
        this.vertx = vertx;
        this.loop = new LoopCalls(context);
        this.options = options;
        this.events = events;
        this.sockets = new GatherSockets(vertx, options.tap(), this::onDatagram);
        this.links = new GatherLinks(vertx, options);
        this.mappings = new GatherMappings(options.mappings());
        List<LocalInterface> interfaces = options.interfaces().get();
        this.names = new MulticastNames(vertx, interfaces, this::onUnanswered);
        this.gatherer = new IceGatherer(
                options.gather(),
                interfaces,
                session.foundations(),
                session.pace(),
                new SecureRandom(),
                new GatherWires(sockets, links, mappings, new Parts()));
        this.deadline = new Deadline(vertx, () -> drive(() -> gatherer.onTimeout(System.nanoTime())));
    }

    /**
     * What the data streams of one ICE session share; all of them are to be started on one context.
     *
     * @param foundations so that candidates that are alike are known as such in all streams
     * @param pace so that all transactions together keep their distance
     */
    public record Session(Foundations foundations, Pace pace) {
        /** A session of its own. */
        public static Session single() {
            return new Session(Foundations.ofSession(new SecureRandom()), Pace.unshared());
        }
    }

    /**
     * Begins to gather for a session with one data stream.
     *
     * @param events learns everything in its order, on the event loop, and must not throw
     */
    public static IceGathering start(Vertx vertx, IceGatheringOptions options, Consumer<GatherEvent> events) {
        return start(vertx, options, Session.single(), events);
    }

    /** Begins to gather for one of several data streams. */
    public static IceGathering start(
            Vertx vertx, IceGatheringOptions options, Session session, Consumer<GatherEvent> events) {
        Context context = vertx.getOrCreateContext();
        IceGathering gathering = new IceGathering(vertx, context, options, session, events);
        context.runOnContext(onLoop -> gathering.start());
        return gathering;
    }

    private void start() {
        if (isClosed) {
            return;
        }
        startNanos = System.nanoTime();
        drive(() -> gatherer.start(startNanos));
        GatherServers servers = new GatherServers(vertx, options);
        for (int i = 0; i < options.uris().size(); i++) {
            int server = i;
            servers.find(server)
                    .onComplete(
                            found -> drive(() -> gatherer.onResolved(server, found, System.nanoTime())),
                            cause -> drive(() -> gatherer.onUnresolved(
                                    server, String.valueOf(cause.getMessage()), System.nanoTime())));
        }
    }

    /** The first candidate by which a peer elsewhere may reach this host; fails where all is gathered and there is none. */
    public Future<Candidate> firstUsable() {
        return firstUsable.future();
    }

    /** The candidates when whatever has not answered is likely dead; more may follow. */
    public Future<List<Candidate>> settled() {
        return settled.future();
    }

    /** All candidates. */
    public Future<List<Candidate>> complete() {
        return complete.future();
    }

    /** The candidates so far. */
    public Future<List<Candidate>> candidates() {
        return loop.call(() -> Future.succeededFuture(gatherer.candidates()));
    }

    /** The names that stand in for addresses of this host, for which multicast DNS is answered until {@link #close}. */
    public Future<Map<IpAddress, String>> multicastNames() {
        return loop.call(() -> Future.succeededFuture(gatherer.multicastNames()));
    }

    /** Sets who takes what comes to the candidates; without one it is discarded. */
    public IceGathering dataHandler(CandidateDataHandler handler) {
        loop.call(() -> {
            dataHandler = handler;
            return Future.succeededFuture();
        });
        return this;
    }

    /**
     * Sends a datagram from the socket of a host or server-reflexive candidate, or through the allocation of a relayed
     * one, where the peer must be permitted.
     *
     * @return completes when the local system has taken it
     */
    public Future<Void> send(Candidate via, TransportAddress to, ByteBuffer payload) {
        return loop.call(() -> gatherer.socketOf(via)
                .map(socket -> sockets.send(socket, to, payload))
                .orElseGet(() -> relay(via, to, payload)));
    }

    private Future<Void> relay(Candidate via, TransportAddress to, ByteBuffer payload) {
        boolean[] isSent = new boolean[1];
        boolean isThere = gatherer.withRelay(
                via, System.nanoTime(), (client, out) -> isSent[0] = client.send(to, payload.duplicate(), out));
        if (isThere && isSent[0]) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(new IllegalStateException(
                isThere ? "no permission for " + to.ip() + "; call permit first, and wait for it" : gone(via)));
    }

    private static String gone(Candidate candidate) {
        return candidate.address() + " is no candidate of this gathering, or lost";
    }

    /** Lets this peer's packets in at a relayed candidate, and keeps doing so; needed before anything is sent to it. */
    public Future<Void> permit(Candidate relayed, IpAddress peer) {
        return loop.call(() -> {
            GatherSource source = gatherer.sourceOf(relayed)
                    .filter(found -> relayed.type() == CandidateType.RELAY)
                    .orElseThrow(() -> new IllegalArgumentException(gone(relayed)));
            Future<Void> outcome = outcomes.permission(source, peer);
            boolean isThere = gatherer.withRelay(
                    relayed, System.nanoTime(), (client, out) -> client.permit(peer, System.nanoTime(), out));
            followDeadline();
            return isThere ? outcome : Future.failedFuture(new IllegalStateException(gone(relayed)));
        });
    }

    /** Deletes allocations and mappings, and closes sockets, connections and timers; {@link #closed} tells the end. */
    @Override
    public void close() {
        loop.call(() -> {
            drive(() -> gatherer.close(System.nanoTime()));
            return Future.succeededFuture();
        });
    }

    /** Completes when {@link #close} has done its work, and never fails. */
    public Future<Void> closed() {
        return closed.future();
    }

    private void drive(Runnable call) {
        if (!isClosed) {
            call.run();
            followDeadline();
        }
    }

    private void followDeadline() {
        if (!isClosed) {
            deadline.follow(gatherer.nextDeadlineNanos());
        }
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        drive(() -> {
            if (!gatherer.onDatagram(socket, from, bytes, System.nanoTime())) {
                gatherer.hostCandidate(socket).ifPresent(local -> dataHandler.onData(local, from, bytes));
            }
        });
    }

    private void onUnanswered(String interfaceName, String reason) {
        if (!isClosed) {
            events.accept(new GatherEvent.Unanswered(
                    Duration.ofNanos(System.nanoTime() - startNanos), interfaceName, reason));
        }
    }

    private void onEvent(GatherEvent event) {
        if (event instanceof GatherEvent.Gathered gathered
                && gathered.candidate().address().isMulticastName()) {
            names.serve(gatherer.multicastNames());
        }
        events.accept(event);
        if (event instanceof GatherEvent.FirstUsable usable) {
            firstUsable.tryComplete(usable.candidate());
        } else if (event instanceof GatherEvent.Settled) {
            settled.tryComplete(gatherer.candidates());
        } else if (event instanceof GatherEvent.Complete) {
            firstUsable.tryFail(new NetworkException.Unreachable(
                    "this host has no address that a peer could use; check that an interface is up", null));
            complete.tryComplete(gatherer.candidates());
        } else if (event instanceof GatherEvent.Lost lost) {
            outcomes.onLost(lost);
        } else if (event instanceof GatherEvent.Closed) {
            end();
        }
    }

    private void end() {
        isClosed = true;
        deadline.cancel();
        NetworkException reason = new NetworkException.Disconnected("gathering was closed; start another", null);
        outcomes.fail(reason);
        Future.join(sockets.close(), links.close(), mappings.close(), names.close())
                .onComplete(done -> {
                    firstUsable.tryFail(reason);
                    settled.tryFail(reason);
                    complete.tryFail(reason);
                    closed.tryComplete();
                });
    }

    /** What the wires bring. */
    private final class Parts implements GatherWires.Receiver {
        @Override
        public void drive(Consumer<IceGatherer> call) {
            IceGathering.this.drive(() -> call.accept(gatherer));
        }

        @Override
        public void onRelayedData(Candidate relayed, TransportAddress peer, ByteBuffer data) {
            dataHandler.onData(relayed, peer, data);
        }

        @Override
        public void onRelayEvent(GatherSource source, TurnEvent event) {
            outcomes.onEvent(source, event);
        }

        @Override
        public void onEvent(GatherEvent event) {
            IceGathering.this.onEvent(event);
        }
    }
}
