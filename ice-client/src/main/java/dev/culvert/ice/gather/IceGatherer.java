package dev.culvert.ice.gather;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.time.Earliest;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.PacketKind;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Gathers the candidates of one data stream (RFC 8445 §5.1.1), and keeps them alive until {@link #close}. Mutable, owned
 * by one thread.
 *
 * <p>It is driven by hand: the shell opens sockets and connections, sends what it is told, brings what arrives, and calls
 * {@link #onTimeout} at {@link #nextDeadlineNanos}, which every call may change. Everything that is learned is told to
 * {@link GatherOutput#onEvent} as it comes.
 *
 * <p>The sockets stay with the gatherer as long as candidates do, and serve the later ICE session at the same time: a
 * datagram for which {@link #onDatagram} returns false is the session's, which sends its own through the same sockets;
 * relayed candidates are used by {@link #withRelay}.
 */
public final class IceGatherer {
    /** How long silent TURN servers may hold up the end: what they do not hear runs out by itself. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final GatherOptions options;
    private final List<LocalBase> bases;
    private final Pairing pairing;
    private final Gathering gathering;
    private final BaseSockets sockets;
    private boolean isClosing;
    private boolean isClosed;
    private long closedAtLatestNanos;

    /**
     * A gatherer that has done nothing yet.
     *
     * @param interfaces those of this host that are up
     * @param foundations shared by all data streams of the session
     * @param pace shared by all gatherers of this thread, or unshared
     * @param random for transaction ids, names and ports; unpredictable to others
     */
    public IceGatherer(
            GatherOptions options,
            List<LocalInterface> interfaces,
            Foundations foundations,
            Pace pace,
            RandomGenerator random,
            GatherOutput out) {
        this.options = options;
        this.bases = AddressSelection.of(interfaces, options.addresses());
        this.gathering = new Gathering(options, bases, foundations, pace, random, out);
        this.pairing = new Pairing(gathering);
        this.sockets = new BaseSockets(gathering, pairing::onSocketBound);
    }

    /** Begins: opens sockets, and asks servers as their addresses become known. */
    public void start(long nowNanos) {
        gathering.onTime(nowNanos);
        gathering.begin(nowNanos);
        gathering.milestones().expect(bases.size(), options.servers().size());
        bases.forEach(base -> sockets.open(base, 1, 0, nowNanos));
        proceed(nowNanos);
    }

    /** The socket is open; {@code port} is its own. */
    public void onBound(SocketId socket, int port, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        sockets.onBound(socket, port, nowNanos);
        proceed(nowNanos);
    }

    /** The socket could not be opened; {@code reason} is the system's. */
    public void onBindFailed(SocketId socket, String reason, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        sockets.onBindFailed(socket, reason, nowNanos);
        proceed(nowNanos);
    }

    /**
     * The addresses of a server are known. Every socket asks the first of its family; the others follow where a TURN server
     * cannot be connected to.
     *
     * @param server its place among the servers of the options
     * @param addresses in the order of preference
     */
    public void onResolved(int server, List<TransportAddress> addresses, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        gathering.milestones().onServerDone();
        pairing.onResolved(server, addresses, sockets.bound());
        proceed(nowNanos);
    }

    /** The name of a server has no address; {@code reason} is the resolver's. */
    public void onUnresolved(int server, String reason, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        gathering.milestones().onServerDone();
        String name = options.servers().get(server).name();
        gathering.tell(new GatherEvent.Unresolved(gathering.since(nowNanos), name, reason));
        proceed(nowNanos);
    }

    /**
     * Takes a datagram.
     *
     * @param bytes lent for this call
     * @return whether it was for the gatherer; otherwise it is the session's
     */
    public boolean onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos) {
        gathering.onTime(nowNanos);
        PacketKind kind = PacketKind.of(bytes);
        if (isClosed || kind != PacketKind.STUN && kind != PacketKind.TURN_CHANNEL) {
            return false;
        }
        boolean isTaken = kind == PacketKind.STUN && gathering.transactions().onMessage(socket, from, bytes, nowNanos);
        if (!isTaken) {
            RelayTask flow = sockets.of(socket).flows.get(from);
            if (flow == null) {
                return false;
            }
            flow.onMessage(bytes, bytes.position(), bytes.remaining(), nowNanos);
        }
        proceed(nowNanos);
        return true;
    }

    /** The connection to a TURN server is there. */
    public void onConnected(LinkId link, long nowNanos) {
        onLink(link, nowNanos, task -> task.onConnected(nowNanos));
    }

    /** There is no connection, or not any more. */
    public void onConnectionLost(LinkId link, String reason, long nowNanos) {
        onLink(link, nowNanos, task -> {
            gathering.links().remove(link);
            task.onConnectionLost(reason, nowNanos);
        });
    }

    /** Takes one whole message from a connection: {@code lengthBytes} bytes from {@code offset}, lent for this call. */
    public void onFrame(LinkId link, ByteBuffer buffer, int offset, int lengthBytes, long nowNanos) {
        onLink(link, nowNanos, task -> task.onMessage(buffer, offset, lengthBytes, nowNanos));
    }

    private void onLink(LinkId link, long nowNanos, Consumer<RelayTask> call) {
        gathering.onTime(nowNanos);
        RelayTask task = gathering.links().get(link);
        if (task != null) {
            call.accept(task);
            proceed(nowNanos);
        }
    }

    /** A mapping service has mapped a port of this host. */
    public void onMapped(String service, TransportAddress base, TransportAddress external, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        sockets.mappingTask(service, base).ifPresent(task -> task.onMapped(external, nowNanos));
        proceed(nowNanos);
    }

    /** A mapping service will not map this port, or not any more. */
    public void onMappingEnded(String service, TransportAddress base, String reason, long nowNanos) {
        if (!enter(nowNanos)) {
            return;
        }
        sockets.mappingTask(service, base).ifPresent(task -> task.onEnded(reason, nowNanos));
        proceed(nowNanos);
    }

    /** Does what is due. */
    public void onTimeout(long nowNanos) {
        gathering.onTime(nowNanos);
        gathering.transactions().onTimeout(nowNanos);
        for (GatherTask task : List.copyOf(gathering.tasks())) {
            if (task instanceof RelayTask relay) {
                relay.drive(nowNanos, client -> client.onTimeout(nowNanos, relay));
            }
        }
        if (!isClosing) {
            gathering.keepalives().forEach(keepalive -> keepalive.onTimeout(nowNanos));
        }
        proceed(nowNanos);
    }

    /** When {@link #onTimeout} is to be called next; empty while nothing waits. Compare by difference. */
    public OptionalLong nextDeadlineNanos() {
        if (isClosed) {
            return OptionalLong.empty();
        }
        Earliest next = new Earliest();
        gathering.includeRelays(next);
        if (isClosing) {
            next.include(closedAtLatestNanos);
        } else {
            gathering.includeTasks(next);
        }
        return next.nanos();
    }

    /** Whether anything but the end is still to be dealt with. */
    private boolean enter(long nowNanos) {
        gathering.onTime(nowNanos);
        return !isClosing;
    }

    private void proceed(long nowNanos) {
        if (!isClosing) {
            gathering.queue().startDue(nowNanos);
            gathering.milestones().check(nowNanos);
            return;
        }
        boolean isAnyOpen =
                gathering.tasks().stream().anyMatch(task -> task instanceof RelayTask relay && relay.isOpen());
        if (!isClosed && (!isAnyOpen || closedAtLatestNanos - nowNanos <= 0)) {
            isClosed = true;
            gathering.tell(new GatherEvent.Closed(gathering.since(nowNanos)));
        }
    }

    /** The candidates so far, in the order in which they were told. */
    public List<Candidate> candidates() {
        return gathering.candidates().all();
    }

    /** The names that stand in for addresses of this host, which multicast DNS is to resolve. */
    public Map<IpAddress, String> multicastNames() {
        return gathering.candidates().names();
    }

    /** Where a candidate came from; empty where it is none of these, or lost. */
    public Optional<GatherSource> sourceOf(Candidate candidate) {
        return gathering.candidates().sourceOf(candidate);
    }

    /** The host candidate of a socket; empty where it is not bound. */
    public Optional<Candidate> hostCandidate(SocketId socket) {
        return gathering.candidates().hostOf(sockets.of(socket).local());
    }

    /** The socket of a host or server-reflexive candidate; empty where it is none of these, or lost. */
    public Optional<SocketId> socketOf(Candidate candidate) {
        return candidate.type() == CandidateType.RELAY
                ? Optional.empty()
                : gathering.candidates().sourceOf(candidate).flatMap(sockets::of);
    }

    /**
     * Uses the allocation behind a relayed candidate: to permit peers, to bind channels, to send.
     *
     * @param call gets the client and its output; called before this returns
     * @return false where the candidate is not relayed, or lost
     */
    public boolean withRelay(Candidate candidate, long nowNanos, RelayCall call) {
        gathering.onTime(nowNanos);
        Optional<RelayTask> found = gathering.candidates().sourceOf(candidate).flatMap(sockets::relayTask);
        if (candidate.type() != CandidateType.RELAY || found.isEmpty()) {
            return false;
        }
        RelayTask relay = found.get();
        relay.drive(nowNanos, client -> call.accept(client, relay));
        return true;
    }

    /** Ends everything: deletes allocations, and then tells {@link GatherEvent.Closed}. Mappings end with the shell. */
    public void close(long nowNanos) {
        gathering.onTime(nowNanos);
        if (isClosing) {
            return;
        }
        isClosing = true;
        closedAtLatestNanos = nowNanos + FAREWELL.toNanos();
        gathering.queue().clear();
        for (GatherTask task : List.copyOf(gathering.tasks())) {
            if (task instanceof RelayTask relay) {
                relay.close(nowNanos);
            }
        }
        proceed(nowNanos);
    }
}
