package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.BindingResponder;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.core.Quartet;
import dev.culvert.server.core.SipReflector;
import dev.culvert.server.core.SourceRateLimiter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The event loops' shares of a server, and the little that they have in common. */
final class Shards {
    private final EventLoops loops;
    private final List<ServerLoop> servers = new ArrayList<>();
    private final List<Shard> udp = new ArrayList<>();
    private final List<StreamShard> streams = new ArrayList<>();
    private final ConnectionCap cap;
    private final SourceRateLimiter limiter =
            SourceRateLimiter.unlimited(new SecureRandom().nextLong(), System.nanoTime());
    private volatile StreamSettings connections;
    private final ClientTrace trace = new ClientTrace();

    private Shards(EventLoops loops, ServerConfig config, StreamSettings connections) {
        this.loops = loops;
        this.cap = new ConnectionCap(config.connections());
        this.connections = connections;
        limit(config);
    }

    /**
     * Makes the shards of a server, without sockets.
     *
     * @param services what it does beside Binding; empty for nothing
     * @throws IllegalArgumentException where a certificate or key is no good
     */
    static Shards create(
            Vertx vertx, ServerConfig config, List<Quartet> quartets, Optional<LoopService.Factory> services) {
        EventLoops loops = EventLoops.of(vertx, config.threads());
        Shards shards = new Shards(loops, config, StreamSettings.of(vertx, config));
        try {
            for (Context context : loops.contexts()) {
                ServerLoop loop = new ServerLoop(loops, context, shards.limiter, shards.trace);
                shards.servers.add(loop);
                loop.watch(loops);
                shards.add(vertx, loop, config, quartets, services.map(factory -> factory.on(loop)));
            }
        } catch (RuntimeException e) {
            shards.release();
            throw e;
        }
        return shards;
    }

    private void add(
            Vertx vertx, ServerLoop loop, ServerConfig config, List<Quartet> quartets, Optional<LoopService> service) {
        Counters<Counter> counters = new Counters<>(Counter.class);
        BindingResponder responder = new BindingResponder(quartets, config.receipts(), loop.limiter(), counters);
        udp.add(new Shard(
                loop,
                new Dispatch(responder, service, reflector(loop, config, counters)),
                counters,
                config.listeners()));
        streams.add(stream(vertx, loop, Transport.TCP, service, config));
        streams.add(stream(vertx, loop, Transport.TLS, service, config));
    }

    private StreamShard stream(
            Vertx vertx, ServerLoop loop, Transport transport, Optional<LoopService> service, ServerConfig config) {
        Counters<Counter> counters = new Counters<>(Counter.class);
        BindingResponder responder = new BindingResponder(List.of(), false, loop.limiter(), counters);
        // No ALG reads what is inside TLS.
        Optional<SipReflector> reflector =
                transport == Transport.TCP ? reflector(loop, config, counters) : Optional.empty();
        Dispatch dispatch = new Dispatch(responder, service, reflector);
        return new StreamShard(vertx, loop, transport, dispatch, counters, config.listeners(), cap, () -> connections);
    }

    private static Optional<SipReflector> reflector(ServerLoop loop, ServerConfig config, Counters<Counter> counters) {
        return config.sipReflector() ? Optional.of(new SipReflector(loop.limiter(), counters)) : Optional.empty();
    }

    /** Takes what may change at any time; without effect where a certificate or key is no good. */
    void reload(Vertx vertx, ServerConfig config) {
        connections = StreamSettings.of(vertx, config);
        cap.limit(config.connections());
        limit(config);
    }

    private void limit(ServerConfig config) {
        config.unauthenticatedRate()
                .ifPresentOrElse(rate -> limiter.limit(rate.perSecond(), rate.burst()), limiter::unlimit);
    }

    /** How many TCP and TLS connections are open. */
    int connections() {
        return cap.open();
    }

    /** Opens {@code where} on all loops, or on none. */
    Future<OpenListener> open(Listening where) {
        if (where.transport() != Transport.UDP) {
            return StreamListener.open(streams, where);
        }
        // Where sockets on one port do not share its traffic, one loop takes it all.
        return UdpListener.open(loops.isEpoll() ? udp : udp.subList(0, 1), where);
    }

    Future<Void> drain() {
        return cap.drain();
    }

    Counters<Counter> counters(Transport transport) {
        if (transport == Transport.UDP) {
            return Counters.sum(Counter.class, udp.stream().map(Shard::counters).toList());
        }
        return Counters.sum(
                Counter.class,
                streams.stream()
                        .filter(shard -> shard.transport() == transport)
                        .map(StreamShard::counters)
                        .toList());
    }

    /** The sum of all event loops' numbers of each listener. */
    Map<ListenerName, Counters<ListenerCounter>> traffic() {
        Map<ListenerName, List<Counters<ListenerCounter>>> parts = new LinkedHashMap<>();
        servers.forEach(loop -> loop.traffic()
                .forEach((name, counters) ->
                        parts.computeIfAbsent(name, unused -> new ArrayList<>()).add(counters)));
        Map<ListenerName, Counters<ListenerCounter>> sums = new LinkedHashMap<>();
        parts.forEach((name, counters) -> sums.put(name, Counters.sum(ListenerCounter.class, counters)));
        return sums;
    }

    /** How late each event loop is. */
    List<LoopLag> lags() {
        return servers.stream().map(ServerLoop::lag).toList();
    }

    /** When the certificates of each file expire, in seconds of the epoch. */
    Map<String, Long> certificateExpiry() {
        return connections.tls().map(TlsIdentities::expiry).orElse(Map.of());
    }

    ClientTrace trace() {
        return trace;
    }

    String transportName() {
        return servers.get(0).udp().name();
    }

    /** Gives the memory back, after all listeners are closed. */
    void release() {
        servers.forEach(ServerLoop::release);
    }
}
