package dev.culvert.server.io;

import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One event loop of a server, with what the sockets on it have in common. Owned by that loop's thread, but for
 * {@link #context}, {@link #limiter} and {@link #bind}.
 */
public final class ServerLoop {
    private final Context context;
    private final SourceRateLimiter limiter;
    private final UdpSockets udp;
    private long readNanos = System.nanoTime();
    private final Outbox outbox = new Outbox();
    private final Map<TransportAddress, Listener> listeners = new HashMap<>();
    private final Map<FiveTuple, StreamConnection> connections = new HashMap<>();
    private final Map<ListenerName, Counters<ListenerCounter>> traffic = new ConcurrentHashMap<>();
    private final LoopLag lag = new LoopLag();
    private final ClientTrace trace;
    private Runnable unwatch = () -> {};

    /** A listening socket, with the numbers of its clients. */
    record Listener(UdpPort port, Counters<ListenerCounter> traffic) {}

    ServerLoop(EventLoops loops, Context context, SourceRateLimiter limiter, ClientTrace trace) {
        this.context = context;
        this.limiter = limiter;
        this.trace = trace;
        this.udp = FastUdp.of(this, loops).orElseGet(() -> new NettyUdpSockets(this, loops));
    }

    /** One loop outside of a server, on an event loop of {@code vertx}: for programs that drive sockets of their own. */
    public static ServerLoop of(Vertx vertx) {
        EventLoops loops = EventLoops.of(vertx, 1);
        return new ServerLoop(loops, loops.contexts().get(0), SourceRateLimiter.unlimited(), new ClientTrace());
    }

    /** Where its work is done. */
    public Context context() {
        return context;
    }

    /** How many answers each source prefix gets without having shown who it is; the same for all loops. */
    public SourceRateLimiter limiter() {
        return limiter;
    }

    /** Whether {@link UdpPort#sendUnfragmented} works here. */
    public boolean canForbidFragments() {
        return udp.canForbidFragments();
    }

    /**
     * Binds a UDP socket; on any thread.
     *
     * @throws BoundUdpSocket.PortTakenException where somebody has the port
     * @throws IOException where another port would not do either
     */
    public BoundUdpSocket bind(TransportAddress local) throws IOException {
        return udp.bind(local);
    }

    /** Begins to read from {@code socket} on this loop. */
    public UdpPort start(BoundUdpSocket socket, UdpPort.Receiver receiver) {
        return socket.start(this, receiver);
    }

    /** Opens a socket that shares its port with those of other loops. */
    Future<UdpPort> listen(TransportAddress local, Counters<ListenerCounter> counters, UdpPort.Receiver receiver) {
        return udp.listen(local, receiver).onSuccess(port -> listeners.put(local, new Listener(port, counters)));
    }

    /** Closes the listening socket on {@code local} if there is one. */
    Future<Void> close(TransportAddress local) {
        Listener listener = listeners.remove(local);
        return listener == null ? Future.succeededFuture() : listener.port().close();
    }

    /** The listening socket on {@code local}. */
    Optional<Listener> listener(TransportAddress local) {
        return Optional.ofNullable(listeners.get(local));
    }

    /** Takes {@code connection} for the one of its flow; returns the one that it was before, which a proxy lost. */
    Optional<StreamConnection> opened(StreamConnection connection) {
        return Optional.ofNullable(connections.put(connection.flow(), connection));
    }

    /** Forgets {@code connection}; false where another one has its flow by now. */
    boolean closed(StreamConnection connection) {
        return connections.remove(connection.flow(), connection);
    }

    /** The way back to the client of {@code flow}; empty where its connection is gone. */
    public Optional<ClientLink> client(FiveTuple flow) {
        StreamConnection connection = connections.get(flow);
        return connection != null
                ? Optional.of(connection)
                : listener(flow.local())
                        .map(listener -> new UdpClientLink(listener.port(), flow, listener.traffic(), trace));
    }

    /** What is counted of the clients of {@code name} on this loop; the same object every time. */
    Counters<ListenerCounter> traffic(ListenerName name) {
        return traffic.computeIfAbsent(name, unused -> new Counters<>(ListenerCounter.class));
    }

    /** All that {@link #traffic(ListenerName)} has made; on any thread. */
    Map<ListenerName, Counters<ListenerCounter>> traffic() {
        return traffic;
    }

    /** Which clients are traced; the same for all loops. */
    ClientTrace trace() {
        return trace;
    }

    /** Begins to measure how late this loop is; on any thread. */
    void watch(EventLoops loops) {
        context.runOnContext(on -> {
            lag.begin(System.nanoTime());
            unwatch = loops.every(context, LoopLag.PERIOD_NANOS, lag);
        });
    }

    /** How late this loop is. */
    LoopLag lag() {
        return lag;
    }

    /** When what is being handled was read, as {@link System#nanoTime} counts. */
    public long readNanos() {
        return readNanos;
    }

    /** Takes the present as the time at which what follows was read. */
    void read() {
        readNanos = System.nanoTime();
    }

    /** Hands all that is queued on this loop to the network stack; done for whoever is called with what has arrived. */
    public void flush() {
        outbox.flush();
    }

    UdpSockets udp() {
        return udp;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Gives the memory back, after all sockets are closed; on any thread. */
    void release() {
        context.runOnContext(on -> {
            unwatch.run();
            udp.release();
        });
    }
}
