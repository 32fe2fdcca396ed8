package dev.culvert.server;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.io.Listening;
import dev.culvert.server.io.LoopService;
import dev.culvert.server.io.StunServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
        return all;
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
