package dev.culvert.relay.usage;

import dev.culvert.server.admin.ServerState.Series;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outlet with what waits for it and what became of the rest. */
final class OpenOutlet<T extends LineOutlet> {
    private static final Logger LOG = LoggerFactory.getLogger(OpenOutlet.class);

    final T outlet;
    final Backlog backlog;
    private final String name;
    private final OutletCounts counts = new OutletCounts();

    /**
     * @param name for people
     * @param capacityBytes of what may wait in memory
     */
    OpenOutlet(String name, T outlet, long capacityBytes) {
        this.name = name;
        this.outlet = outlet;
        this.backlog = new Backlog(name, outlet, capacityBytes, counts);
    }

    OutletCounts counts() {
        return counts;
    }

    void close() {
        try {
            outlet.close();
        } catch (IOException e) {
            LOG.error("{}: {}", name, FailureText.of(e));
        }
    }

    static Series series(String name, String meaning) {
        return new Series("usage_" + name, meaning, Series.ALL_TRANSPORTS);
    }

    /** Adds what was counted to {@code all}, under names that begin with {@code prefix}. */
    void addTo(Map<Series, Long> all, String prefix, String where) {
        all.put(series(prefix + "_written", "usage events written to " + where), counts.written.sum());
        all.put(
                series(prefix + "_lost", "usage events for which there was no room, in memory or in " + where),
                counts.lost.sum());
        all.put(
                series(prefix + "_write_failures", "attempts to write to " + where + " that failed"),
                counts.failures.sum());
    }
}
