package dev.culvert.server.admin;

import dev.culvert.server.admin.ServerState.Series;
import dev.culvert.server.core.Histogram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** What a server counts, as Prometheus takes it: asked once for each scrape, so that all numbers are of one moment. */
record StateCollector(ServerState state) implements MultiCollector {
    private static final String PREFIX = "culvert_";
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        byName(state.counters()).forEach((name, points) -> all.metricSnapshot(counter(name, points)));
        byName(state.levels()).forEach((name, points) -> all.metricSnapshot(gauge(name, points)));
        byName(state.histograms()).forEach((name, points) -> all.metricSnapshot(histogram(name, points)));
        return all.build();
    }

    private static <V> Map<String, Map<Series, V>> byName(Map<Series, V> values) {
        Map<String, Map<Series, V>> families = new LinkedHashMap<>();
        values.forEach((series, value) -> families.computeIfAbsent(series.name(), unused -> new LinkedHashMap<>())
                .put(series, value));
        return families;
    }

    private static CounterSnapshot counter(String name, Map<Series, Long> points) {
        CounterSnapshot.Builder family =
                CounterSnapshot.builder().name(PREFIX + name).help(help(points));
        points.forEach((series, value) -> family.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(series))
                .value(value)
                .build()));
        return family.build();
    }

    private static GaugeSnapshot gauge(String name, Map<Series, Long> points) {
        GaugeSnapshot.Builder family =
                GaugeSnapshot.builder().name(PREFIX + name).help(help(points));
        points.forEach((series, value) -> family.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(series))
                .value(value)
                .build()));
        return family.build();
    }

    private static HistogramSnapshot histogram(String name, Map<Series, Histogram> points) {
        HistogramSnapshot.Builder family =
                HistogramSnapshot.builder().name(PREFIX + name).help(help(points));
        points.forEach((series, value) -> family.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(labels(series))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(boundsSeconds(), value.counts()))
                .sum(value.sumNanos() / NANOS_PER_SECOND)
                .build()));
        return family.build();
    }

    private static double[] boundsSeconds() {
        DoubleStream bounds = Histogram.bounds().stream().mapToDouble(bound -> bound.toNanos() / NANOS_PER_SECOND);
        return DoubleStream.concat(bounds, DoubleStream.of(Double.POSITIVE_INFINITY))
                .toArray();
    }

    private static String help(Map<Series, ?> points) {
        return points.keySet().iterator().next().meaning();
    }

    private static Labels labels(Series series) {
        List<String> namesAndValues = series.labels().entrySet().stream()
                .flatMap(label -> Stream.of(label.getKey(), label.getValue()))
                .toList();
        return Labels.of(namesAndValues.toArray(String[]::new));
    }
}
