package dev.culvert.bench;

import dev.culvert.bench.Arena.Entrant;
import dev.culvert.bench.Contestant.Task;
import dev.culvert.bench.Traffic.Framing;
import dev.culvert.server.config.ServerConfig.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Packets at an even rate that leaves a server time to breathe. */
final class PacedCourse {
    private static final Traffic LATENCY_TRAFFIC = Traffic.paced(100);

    /** Of what the slowest server can do, or coturn where it takes part. */
    private static final double SHARE_OF_CAPACITY = 0.5;

    private static final double[] QUANTILES = {0.5, 0.99, 0.999};

    /** Allocations that all carry traffic. */
    private static final int[] GROWTH = {1, 100, 1_000, 10_000};

    private static final int GROWTH_PEERS = 100;
    private static final double GROWTH_PACKETS_PER_SECOND = 50_000;

    private PacedCourse() {}

    /** How long packets take at half of coturn's capacity. */
    static List<Row> latency(Field field) throws IOException {
        Generator generator = field.generator();
        try (Arena arena = field.arena(Task.TURN)) {
            Map<String, Relayed> relayed = arena.forEach(contestant -> Relayed.open(
                    generator,
                    Transport.UDP,
                    contestant.address(),
                    Framing.CHANNEL_DATA,
                    LATENCY_TRAFFIC.allocations(),
                    LATENCY_TRAFFIC.allocations()));
            Latencies latencies = new Latencies();
            Map<String, FlowLoad> flows = arena.forEach(contestant -> generator.call(
                    () -> FlowLoad.traffic(generator, Relayed.of(relayed, contestant), LATENCY_TRAFFIC, latencies)));
            // Longer than elsewhere: what the JVM compiles on the same core is in nobody's tail then.
            arena.warmUp(flows, field.settings().warmUp().multipliedBy(4));
            double rate = SHARE_OF_CAPACITY * capacity(arena, flows);
            Map<String, PacedLoad> loads =
                    arena.forEach(contestant -> new PacedLoad(generator, flowsOf(flows, contestant), rate));
            Map<String, List<Timed>> rounds =
                    arena.alternate(entrant -> timed(arena, entrant, loads, latencies, field));
            return rows(String.format("at %,.0f/s", rate), rounds, field);
        }
    }

    /** A round with its quantiles, in the order of {@link #QUANTILES}. */
    private record Timed(Sample sample, List<Double> micros) {}

    private static Timed timed(
            Arena arena, Entrant entrant, Map<String, PacedLoad> loads, Latencies latencies, Field field)
            throws IOException {
        field.generator().call(() -> {
            latencies.clear();
            return true;
        });
        Sample sample = arena.measure(entrant, Objects.requireNonNull(loads.get(entrant.name())));
        List<Double> micros = new ArrayList<>();
        for (double quantile : QUANTILES) {
            micros.add(field.generator().call(() -> latencies.micros(quantile)));
        }
        return new Timed(sample, micros);
    }

    private static List<Row> rows(String rate, Map<String, List<Timed>> rounds, Field field) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < QUANTILES.length; i++) {
            int quantile = i;
            String name = "p" + (QUANTILES[i] * 100 + " " + rate).replace(".0 ", " ");
            rows.add(field.told(
                    new Row("latency", name, "µs", false, samples(rounds, timed -> timed.micros.get(quantile)))));
        }
        rows.add(field.told(
                new Row("latency", "CPU " + rate, Row.CPU, false, samples(rounds, timed -> timed.sample.value()))));
        return rows;
    }

    private static Map<String, List<Sample>> samples(Map<String, List<Timed>> rounds, ToDoubleFunction<Timed> value) {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        rounds.forEach((name, timed) -> samples.put(
                name,
                timed.stream()
                        .map(one -> one.sample.withValue(value.applyAsDouble(one)))
                        .toList()));
        return samples;
    }

    /** Packets that coturn relays in a second of one core, or the first server where it does not take part. */
    private static double capacity(Arena arena, Map<String, FlowLoad> flows) throws IOException {
        Entrant entrant = arena.entrants().stream()
                .filter(one -> one.contestant().isCoturn())
                .findFirst()
                .orElse(arena.entrants().get(0));
        return 1e6
                / arena.measure(entrant, flowsOf(flows, entrant.contestant())).value();
    }

    private static FlowLoad flowsOf(Map<String, FlowLoad> flows, Contestant contestant) {
        FlowLoad load = flows.get(contestant.name());
        if (load == null) {
            throw new IllegalArgumentException("no flows for " + contestant.name());
        }
        return load;
    }

    /** What a packet costs beside more and more allocations that all carry traffic. */
    static List<Row> growth(Field field) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Arena arena = field.arena(Task.TURN)) {
            for (int allocations : GROWTH) {
                rows.add(growth(allocations, rows.isEmpty(), arena, field));
            }
        }
        return rows;
    }

    private static Row growth(int allocations, boolean isFirst, Arena arena, Field field) throws IOException {
        Generator generator = field.generator();
        Traffic traffic = Traffic.paced(allocations);
        Map<String, Relayed> relayed = arena.forEach(contestant -> Relayed.open(
                generator,
                Transport.UDP,
                contestant.address(),
                Framing.CHANNEL_DATA,
                allocations,
                Math.min(allocations, GROWTH_PEERS)));
        Map<String, PacedLoad> loads = arena.forEach(contestant -> generator.call(() -> new PacedLoad(
                generator,
                FlowLoad.traffic(generator, Relayed.of(relayed, contestant), traffic, nanos -> {}),
                GROWTH_PACKETS_PER_SECOND)));
        arena.warmUp(loads, isFirst ? field.settings().warmUp() : Duration.ofSeconds(1));
        Row row = new Row("growth", allocations + " allocations", Row.CPU, false, arena.alternate(loads));
        relayed.values().forEach(Relayed::delete);
        // coturn refuses a 5-tuple for a minute after its allocation was deleted.
        generator.await(generator.sockets()::closeClients);
        return field.told(row);
    }
}
