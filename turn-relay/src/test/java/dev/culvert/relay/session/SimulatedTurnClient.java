package dev.culvert.relay.session;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnClient;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.ice.turn.TurnOutput;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.net.SimulatedNetwork;
import dev.culvert.testkit.net.SimulatedSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** The core of the TURN client on a socket of a simulated host. */
final class SimulatedTurnClient implements TurnOutput {
    static final LongTermCredential ALICE = new LongTermCredential("alice", "secret");
    static final LongTermCredential BOB = new LongTermCredential("bob", "hush");

    /** Longer than a request can take. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final TurnClient core;
    final List<TurnEvent> events = new ArrayList<>();
    private final SimulatedNetwork network;
    private final SimulatedSocket socket;
    private final InetSocketAddress server;
    private final Traffic traffic;
    private final Deadline deadline;
    private Consumer<TurnEvent> listener = event -> {};
    private int seen;

    SimulatedTurnClient(
            SimulatedNetwork network,
            SimulatedSocket socket,
            TransportAddress server,
            LongTermCredential credential,
            Duration keepalive,
            Traffic traffic) {
        this.network = network;
        this.server = server.toInetSocketAddress();
        this.traffic = traffic;
        core = new TurnClient(
                server,
                TurnClient.Transport.DATAGRAM,
                credential,
                new Random(network.random().nextLong()),
                RetransmissionSchedule.standard(),
                keepalive);
        deadline = new Deadline(network, this::onTimeout);
        this.socket = socket.onDatagram(this::onDatagram);
    }

    /** Tells {@code newListener} of every event, from within the call that brings it about. */
    void onEvents(Consumer<TurnEvent> newListener) {
        listener = newListener;
    }

    private void onDatagram(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload, long nowNanos) {
        core.onPacket(TransportAddress.of(remote), payload, nowNanos, this);
        deadline.follow(core.nextDeadlineNanos());
    }

    private void onTimeout() {
        core.onTimeout(network.nowNanos(), this);
        deadline.follow(core.nextDeadlineNanos());
    }

    /** Asks for an allocation and does not wait. */
    void askForAllocation(AllocateOptions options) {
        core.allocate(options, network.nowNanos(), this);
        deadline.follow(core.nextDeadlineNanos());
    }

    /** Asks for a permission and does not wait. */
    void askForPermission(IpAddress peer) {
        core.permit(peer, network.nowNanos(), this);
        deadline.follow(core.nextDeadlineNanos());
    }

    /** Asks for a channel and does not wait. */
    void askForChannel(TransportAddress peer) {
        core.bindChannel(peer, network.nowNanos(), this);
        deadline.follow(core.nextDeadlineNanos());
    }

    TurnEvent.Allocated allocate(AllocateOptions options) {
        askForAllocation(options);
        return await(TurnEvent.Allocated.class, PATIENCE);
    }

    /** The relayed address of a new allocation that has one. */
    TransportAddress allocate() {
        return allocate(AllocateOptions.defaults()).relayed().get(0);
    }

    /** Why there is no such allocation. */
    TurnFailure failToAllocate(AllocateOptions options) {
        askForAllocation(options);
        return await(TurnEvent.AllocationFailed.class, PATIENCE).failure();
    }

    void permit(IpAddress peer) {
        askForPermission(peer);
        await(TurnEvent.PermissionInstalled.class, PATIENCE);
    }

    void bindChannel(TransportAddress peer) {
        askForChannel(peer);
        await(TurnEvent.ChannelBound.class, PATIENCE);
    }

    boolean send(TransportAddress peer, ByteBuffer payload) {
        return core.send(peer, payload, this);
    }

    /** Asks for the end of the allocation and does not wait. */
    void askToClose() {
        core.close(network.nowNanos(), this);
        deadline.follow(core.nextDeadlineNanos());
    }

    void close() {
        askToClose();
        await(TurnEvent.Closed.class, PATIENCE);
        socket.close();
        if (core.nextDeadlineNanos().isPresent()) {
            throw new AssertionError("still waits for something");
        }
    }

    /** Ends as a machine does that is switched off. */
    void vanish() {
        deadline.cancel();
        socket.close();
    }

    /** The next event of that kind, of those that nobody waited for yet; others before it are passed over. */
    <T extends TurnEvent> T await(Class<T> kind, Duration limit) {
        int[] at = {-1};
        network.runUntil(() -> (at[0] = find(kind)) >= 0, limit);
        if (at[0] < 0) {
            throw new AssertionError("no " + kind.getSimpleName() + " but " + events.subList(seen, events.size())
                    + ", after:\n" + network.trace());
        }
        seen = at[0] + 1;
        return kind.cast(events.get(at[0]));
    }

    private int find(Class<? extends TurnEvent> kind) {
        for (int i = seen; i < events.size(); i++) {
            if (kind.isInstance(events.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** All events of that kind so far. */
    <T extends TurnEvent> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public void transmit(ByteBuffer message) {
        socket.send(server, message);
    }

    @Override
    public void transmit(ByteBuffer header, ByteBuffer payload, int paddingBytes) {
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + payload.remaining() + paddingBytes);
        whole.put(header).put(payload.duplicate());
        socket.send(server, whole.array());
    }

    @Override
    public void onData(TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes) {
        traffic.onArrival(this, peer, buffer, offset, lengthBytes);
    }

    @Override
    public void onEvent(TurnEvent event) {
        events.add(event);
        listener.accept(event);
    }

    @Override
    public String toString() {
        return "client on " + socket;
    }
}
