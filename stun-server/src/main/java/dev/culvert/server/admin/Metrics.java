package dev.culvert.server.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.stream.Collectors;

/**
 * What {@code /metrics} shows. The server counts in plain numbers of its own, which are added up when somebody asks: the
 * packets' path knows nothing of this class. No label holds an address or a user.
 */
public final class Metrics implements AutoCloseable {
    /** Vert.x metrics that stay on; the others would cost something for every packet, connection or timer. */
    private static final EnumSet<MetricsDomain> OF_VERTX =
            EnumSet.of(MetricsDomain.HTTP_SERVER, MetricsDomain.NAMED_POOLS);

    /** Without the HTTP method and path: whoever sends a request invents them, and each new one would stay in memory. */
    private static final EnumSet<Label> LABELS = EnumSet.of(Label.HTTP_CODE, Label.POOL_NAME);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    public Metrics() {}

    /** Makes {@code builder}'s Vert.x report to {@code /metrics} what does not burden the packets' path. */
    public VertxBuilder observe(VertxBuilder builder, VertxOptions options) {
        MicrometerMetricsOptions metrics =
                new MicrometerMetricsOptions().setEnabled(true).setLabels(LABELS);
        metrics.setDisabledMetricsCategories(EnumSet.complementOf(OF_VERTX).stream()
                .map(MetricsDomain::toCategory)
                .collect(Collectors.toSet()));
        return builder.with(options.setMetricsOptions(metrics)).withMetrics(new MicrometerMetricsFactory(registry));
    }

    /** Shows the counters of {@code state}, and the JVM. */
    public void show(ServerState state) {
        registry.getPrometheusRegistry().register(new StateCollector(state));
        Gauge.builder("culvert.ready", state, server -> server.isReady() ? 1 : 0)
                .description("1 while new clients are served")
                .register(registry);
        Gauge.builder("culvert.build.info", () -> 1)
                .tag("version", Version.text())
                .tag("java", Runtime.version().toString())
                .strongReference(true)
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        gc.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Everything in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
