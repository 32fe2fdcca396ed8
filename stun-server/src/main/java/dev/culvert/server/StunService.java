package dev.culvert.server;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Counters;
import dev.culvert.server.io.Listening;
import dev.culvert.server.io.StunServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link StunServer} as the program runs it. */
final class StunService implements RunningServer {
    private final StunServer server;
    private final List<Transport> transports;

    private StunService(StunServer server, List<Transport> transports) {
        this.server = server;
        this.transports = transports;
    }

    static Future<StunService> start(Vertx vertx, ServerConfig config) {
        List<Transport> transports = config.listeners().stream()
                .map(ServerConfig.Listener::transport)
                .distinct()
                .sorted()
                .toList();
        return StunServer.start(vertx, config).map(server -> new StunService(server, transports));
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
            Counters counters = server.counters(transport);
            String label = name(transport);
            for (Counter counter : Counter.values()) {
                all.put(new Series(name(counter), label), counters.value(counter));
            }
        }
        return all;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Future<Void> drain() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return server.close();
    }
}
