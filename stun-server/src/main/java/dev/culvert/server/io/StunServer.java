package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.core.Quartet;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.SocketException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running STUN server on the event loops of a Vert.x instance. Its methods may be called from any thread. */
public final class StunServer {
    private static final Logger LOG = LoggerFactory.getLogger(StunServer.class);
    private static final long RESCAN_MILLIS = 10_000;

    private final Vertx vertx;
    private final AddressSource addresses;
    private final Endpoints endpoints;
    private final Shards shards;

    /** Guarded by {@code this}, as are the next three. */
    private final Map<Listening, OpenListener> open = new LinkedHashMap<>();

    private final Set<Listening> failing = new HashSet<>();
    private long rescanTimer = -1;
    private boolean closed;
    private volatile boolean ready;
    private volatile ServerConfig config;

    /** Tells which addresses a wildcard stands for at this moment. */
    @FunctionalInterface
    interface AddressSource {
        List<IpAddress> addresses() throws SocketException;
    }

    private StunServer(Vertx vertx, ServerConfig config, AddressSource addresses, Endpoints endpoints, Shards shards) {
        this.vertx = vertx;
        this.config = config;
        this.addresses = addresses;
        this.endpoints = endpoints;
        this.shards = shards;
    }

    /**
     * Starts a server that answers on every listener of {@code config}.
     *
     * @return the running server; or, with everything closed again, a failure: {@link BindFailedException} for a port
     *     that cannot be bound, {@link IllegalArgumentException} for a configuration that cannot be served
     */
    public static Future<StunServer> start(Vertx vertx, ServerConfig config) {
        return start(vertx, config, HostAddresses::all, Optional.empty());
    }

    /** Starts a server that does more than Binding, in the same way. */
    public static Future<StunServer> start(Vertx vertx, ServerConfig config, LoopService.Factory services) {
        return start(vertx, config, HostAddresses::all, Optional.of(services));
    }

    static Future<StunServer> start(
            Vertx vertx, ServerConfig config, AddressSource addresses, Optional<LoopService.Factory> services) {
        StunServer server;
        List<IpAddress> host;
        try {
            host = addressesAtStart(addresses);
            Endpoints endpoints = Endpoints.of(config, host);
            Shards shards = Shards.create(vertx, config, endpoints.quartets(), services);
            server = new StunServer(vertx, config, addresses, endpoints, shards);
        } catch (BindFailedException | IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        try {
            server.endpoints.on(host).forEach(each -> PortProbe.bindOnce(each.transport(), each.address()));
        } catch (BindFailedException e) {
            server.shards.release();
            return Future.failedFuture(e);
        }
        Future<Void> opened = Future.succeededFuture();
        for (Listening where : server.endpoints.on(host)) {
            opened = opened.compose(before -> server.openAt(where));
        }
        return opened.map(all -> server.started())
                .recover(failure -> server.close().transform(closed -> Future.failedFuture(failure)));
    }

    /** A host whose network comes up later has no interfaces yet, which is no reason to give up. */
    private static List<IpAddress> addressesAtStart(AddressSource addresses) {
        try {
            return addresses.addresses();
        } catch (SocketException e) {
            LOG.debug("cannot read the host's addresses: {}", e.getMessage());
            return List.of();
        }
    }

    private synchronized StunServer started() {
        ready = true;
        if (transportName().equals(EventLoops.NIO)) {
            LOG.warn(
                    "sockets go by NIO: no native transport for this system was found, so that UDP takes one event loop"
                            + " alone and more of the processor");
        } else {
            LOG.debug("UDP sockets go by {}", transportName());
        }
        if (open.isEmpty()) {
            LOG.warn("this host has no address to listen on yet; looking again every {} s", RESCAN_MILLIS / 1000);
        }
        if (!endpoints.wildcards().isEmpty()) {
            rescanTimer = vertx.setPeriodic(RESCAN_MILLIS, timer -> rescan());
        }
        return this;
    }

    private Future<Void> openAt(Listening where) {
        return shards.open(where).compose(listener -> {
            synchronized (this) {
                if (!closed) {
                    open.put(where, listener);
                    return Future.succeededFuture();
                }
            }
            return listener.close();
        });
    }

    /** Follows the host's addresses: new ones are listened on, those that went away are closed. */
    void rescan() {
        try {
            Set<Listening> wanted = endpoints.on(addresses.addresses());
            for (OpenListener listener : listenersOutside(wanted)) {
                LOG.info("no longer listening {}", listener.listening());
                listener.close();
            }
            for (Listening where : wanted) {
                if (!listening().contains(where)) {
                    openLater(where);
                }
            }
        } catch (SocketException e) {
            LOG.warn("cannot read the host's addresses: {}", e.getMessage());
        }
    }

    private synchronized List<OpenListener> listenersOutside(Set<Listening> wanted) {
        List<OpenListener> outside = open.values().stream()
                .filter(listener -> !wanted.contains(listener.listening()))
                .toList();
        outside.forEach(listener -> open.remove(listener.listening()));
        failing.retainAll(wanted);
        return outside;
    }

    private void openLater(Listening where) {
        try {
            PortProbe.bindOnce(where.transport(), where.address());
        } catch (BindFailedException e) {
            warnOnce(where, e);
            return;
        }
        openAt(where)
                .onSuccess(opened -> LOG.info("listening {}", where))
                .onFailure(failure -> warnOnce(where, failure));
    }

    private synchronized void warnOnce(Listening where, Throwable failure) {
        if (failing.add(where)) {
            LOG.warn("{}; trying again every {} s", failure.getMessage(), RESCAN_MILLIS / 1000);
        }
    }

    /** Every bound place, the configured order first; never a wildcard or port 0. */
    public synchronized List<Listening> listening() {
        return List.copyOf(open.keySet());
    }

    /** The addresses of RFC 5780, at most one quartet per family. */
    public List<Quartet> quartets() {
        return endpoints.quartets();
    }

    /** {@code epoll}, or {@code nio} where Vert.x runs without its native transport. */
    public String transportName() {
        return shards.transportName();
    }

    /** The sum of all event loops' numbers for {@code transport} at this moment. */
    public Counters<Counter> counters(Transport transport) {
        return shards.counters(transport);
    }

    /** The sum of all event loops' numbers at this moment. */
    public Counters<Counter> counters() {
        return Counters.sum(
                Counter.class,
                Stream.of(Transport.values()).map(shards::counters).toList());
    }

    /** The sum of all event loops' numbers of each listener at this moment. */
    public Map<ListenerName, Counters<ListenerCounter>> traffic() {
        return shards.traffic();
    }

    /** What it tells of itself beside its counters. */
    public Vitals vitals() {
        return Vitals.of(shards);
    }

    /** Writes the messages of chosen clients to the log. */
    public ClientTrace trace() {
        return shards.trace();
    }

    /** Whether all listeners are open, at least one, and nobody has asked for an end. */
    public boolean isReady() {
        return ready && !listening().isEmpty();
    }

    /** How many TCP and TLS connections are open. */
    public int connections() {
        return shards.connections();
    }

    /**
     * Goes on with {@code next}, which differs from the configuration before in live settings only. Reads certificates and
     * keys again. New connections get what is new; those that are open go on with what they began with.
     *
     * @throws IllegalArgumentException naming a file that is no good; then all stays as it was
     */
    public void reload(ServerConfig next) {
        shards.reload(vertx, next);
        config = next;
    }

    /**
     * Is no longer ready and takes no new connections, while datagrams are still answered.
     *
     * @return completes when the last connection has closed, or at the drain timeout
     */
    public Future<Void> drain() {
        ready = false;
        Promise<Void> drained = Promise.promise();
        long timeoutMillis = Math.max(1, config.drainTimeout().toMillis());
        long timer = vertx.setTimer(timeoutMillis, expired -> drained.tryComplete());
        shards.drain().onSuccess(allClosed -> {
            vertx.cancelTimer(timer);
            drained.tryComplete();
        });
        return drained.future();
    }

    /** Closes every socket; completes when the ports are free. */
    public Future<Void> close() {
        ready = false;
        synchronized (this) {
            if (closed) {
                return Future.succeededFuture();
            }
            closed = true;
            vertx.cancelTimer(rescanTimer);
        }
        List<Future<Void>> closing =
                listenersOutside(Set.of()).stream().map(OpenListener::close).toList();
        return Future.join(closing).transform(joined -> {
            shards.release();
            return Future.succeededFuture();
        });
    }
}
