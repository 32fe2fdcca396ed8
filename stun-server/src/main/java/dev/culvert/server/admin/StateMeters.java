package dev.culvert.server.admin;

import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.core.Histogram;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a server counts, for the Micrometer registry of the program around it. Names are those of {@code /metrics} in
 * Micrometer's form; a distribution shows its count and sum only. Registries hold it weakly: whoever runs the server
 * keeps it.
 */
public final class StateMeters implements MeterBinder {
    /** A registry asks for every meter of a scrape by itself. */
    private static final long REMEMBERED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServerState state;
    private Map<Series, Long> counters = Map.of();
    private Map<Series, Long> levels = Map.of();
    private Map<Series, Histogram> histograms = Map.of();
    private long readNanos;
    private boolean wasRead;

    /**
     * Meters of one server.
     *
     * @param state of the server; series that it has not yet when it is bound stay unknown
     */
    public StateMeters(ServerState state) {
        this.state = state;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        state.counters()
                .keySet()
                .forEach(series -> FunctionCounter.builder(
                                name(series),
                                this,
                                meters -> meters.read().counters.getOrDefault(series, 0L))
                        .description(series.meaning())
                        .tags(tags(series))
                        .register(registry));
        state.levels()
                .keySet()
                .forEach(series -> Gauge.builder(
                                name(series),
                                this,
                                meters -> meters.read().levels.getOrDefault(series, 0L))
                        .description(series.meaning())
                        .tags(tags(series))
                        .register(registry));
        state.histograms()
                .keySet()
                .forEach(series -> FunctionTimer.builder(
                                name(series),
                                this,
                                meters -> meters.histogram(series).count(),
                                meters -> meters.histogram(series).sumNanos(),
                                TimeUnit.NANOSECONDS)
                        .description(series.meaning())
                        .tags(tags(series))
                        .register(registry));
        Gauge.builder("culvert.ready", this, meters -> meters.state.isReady() ? 1 : 0)
                .description("1 while new clients are served")
                .register(registry);
    }

    private static String name(Series series) {
        return "culvert." + series.name().replace('_', '.');
    }

    private static List<Tag> tags(Series series) {
        return series.labels().entrySet().stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()))
                .toList();
    }

    private Histogram histogram(Series series) {
        return read().histograms.getOrDefault(series, new Histogram());
    }

    private synchronized StateMeters read() {
        long nowNanos = System.nanoTime();
        if (!wasRead || nowNanos - readNanos > REMEMBERED_NANOS) {
            counters = state.counters();
            levels = state.levels();
            histograms = state.histograms();
            readNanos = nowNanos;
            wasRead = true;
        }
        return this;
    }
}
