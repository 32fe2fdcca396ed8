package dev.culvert.server;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.Histogram;
import dev.culvert.server.core.ListenerCounter;
import dev.culvert.server.io.ClientTrace;
import dev.culvert.server.io.ListenerName;
import dev.culvert.server.io.Listening;
import dev.culvert.server.io.LoopService;
import dev.culvert.server.io.StunServer;
import dev.culvert.server.io.Vitals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A {@link StunServer} as the program runs it. */
public final class StunService implements RunningServer<ServerConfig> {
    private final StunServer server;
    private final List<Transport> transports;

    private StunService(StunServer server, List<Transport> transports) {
        this.server = server;
        this.transports = transports;
    }

    /** Starts a server that does nothing but Binding, as {@link StunServer#start} does. */
    public static Future<StunService> start(Vertx vertx, ServerConfig config) {
        return of(StunServer.start(vertx, config), config);
    }

    /** Starts a server that does more, in the same way. */
    public static Future<StunService> start(Vertx vertx, ServerConfig config, LoopService.Factory services) {
        return of(StunServer.start(vertx, config, services), config);
    }

    private static Future<StunService> of(Future<StunServer> starting, ServerConfig config) {
        List<Transport> transports = config.listeners().stream()
                .map(ServerConfig.Listener::transport)
                .distinct()
                .sorted()
                .toList();
        return starting.map(server -> new StunService(server, transports));
    }

    public StunServer server() {
        return server;
    }

    @Override
    public boolean isReady() {
        return server.isReady();
    }

    @Override
    public List<String> listening() {
        return server.listening().stream().map(Listening::toString).toList();
    }

    @Override
    public Map<Series, Long> counters() {
        Map<Series, Long> all = new LinkedHashMap<>();
        for (Transport transport : transports) {
            Counters<Counter> counters = server.counters(transport);
            String label = name(transport);
            for (Counter counter : Counter.values()) {
                all.put(new Series(name(counter), counter.meaning(), label), counters.value(counter));
            }
        }
        server.traffic().forEach((listener, counters) -> addTraffic(all, listener, counters));
        server.vitals()
                .hostReceiveBufferFull()
                .ifPresent(dropped -> all.put(
                        new Series(
                                "host_udp_receive_buffer_full",
                                "datagrams that this host, not only this server, dropped because a socket's buffer was"
                                        + " full",
                                Series.ALL_TRANSPORTS),
                        dropped));
        return all;
    }

    private static void addTraffic(Map<Series, Long> all, ListenerName listener, Counters<ListenerCounter> counters) {
        String in = "from_clients";
        String out = "to_clients";
        String packets = "listener_packets";
        String bytes = "listener_bytes";
        all.put(traffic(packets, listener, in), counters.value(ListenerCounter.PACKETS_FROM_CLIENTS));
        all.put(traffic(packets, listener, out), counters.value(ListenerCounter.PACKETS_TO_CLIENTS));
        all.put(traffic(bytes, listener, in), counters.value(ListenerCounter.BYTES_FROM_CLIENTS));
        all.put(traffic(bytes, listener, out), counters.value(ListenerCounter.BYTES_TO_CLIENTS));
    }

    private static Series traffic(String name, ListenerName listener, String direction) {
        String meaning = name.equals("listener_packets")
                ? "datagrams, or messages of streams, of clients"
                : "bytes of datagrams, or of streams inside TLS, of clients";
        return new Series(
                name,
                meaning,
                Map.of("listener", listener.text(), "transport", name(listener.transport()), "direction", direction));
    }

    @Override
    public Map<Series, Long> levels() {
        Map<Series, Long> all = new LinkedHashMap<>();
        Vitals vitals = server.vitals();
        vitals.certificateExpiry()
                .forEach((file, epochSeconds) -> all.put(
                        new Series(
                                "certificate_expiry_timestamp_seconds",
                                "when the first certificate of the file's chain expires",
                                Map.of("file", file)),
                        epochSeconds));
        for (int loop = 0; loop < vitals.recentLagNanos().size(); loop++) {
            all.put(
                    new Series(
                            "event_loop_lag_recent_microseconds",
                            "how late the event loop came at most in the last 10 to 20 seconds",
                            Map.of("loop", Integer.toString(loop))),
                    vitals.recentLagNanos().get(loop) / 1000);
        }
        all.put(
                new Series(
                        "direct_memory_bytes",
                        "memory outside of the heap that Netty counts itself",
                        Series.ALL_TRANSPORTS),
                vitals.directMemoryBytes());
        return all;
    }

    @Override
    public Map<Series, Histogram> histograms() {
        Map<Series, Histogram> all = new LinkedHashMap<>();
        List<Histogram> lags = server.vitals().loopLags();
        for (int loop = 0; loop < lags.size(); loop++) {
            all.put(
                    new Series(
                            "event_loop_lag_seconds",
                            "how late the event loop came to a timer of its own",
                            Map.of("loop", Integer.toString(loop))),
                    lags.get(loop));
        }
        return all;
    }

    @Override
    public Optional<ClientTrace> trace() {
        return Optional.of(server.trace());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Future<Void> drain() {
        return server.drain();
    }

    @Override
    public String occupancy() {
        return RunningServer.count(server.connections(), "connection");
    }

    @Override
    public void reload(ServerConfig config) {
        server.reload(config);
    }

    @Override
    public Future<Void> close() {
        return server.close();
    }
}
