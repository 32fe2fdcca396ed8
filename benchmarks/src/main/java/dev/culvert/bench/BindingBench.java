package dev.culvert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Binding answers per CPU-second, against other servers in the same run.
 *
 * <p>{@code bin/bench binding --against coturn}. Each server runs as a process of its own on one core, the load on another;
 * a server whose core was not busy was not the bottleneck, and batches then hold fewer packets than they could.
 */
@Command(
        name = "binding",
        description = "CPU-seconds of a server per million Binding answers; alternating with another server.")
final class BindingBench implements Callable<Integer> {
    private static final String ADDRESS = "127.0.0.1";
    private static final int PORT = 13478;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    @Option(names = "--against", description = "Another server to measure in the same run: coturn.")
    Optional<String> against = Optional.empty();

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds; medians are told. Default: ${DEFAULT-VALUE}.")
    int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Measured time of a round. Default: ${DEFAULT-VALUE}.")
    int seconds;

    @Option(names = "--warm-up", defaultValue = "4", description = "Seconds before it. Default: ${DEFAULT-VALUE}.")
    int warmUpSeconds;

    @Option(names = "--sockets", defaultValue = "8", description = "Client sockets. Default: ${DEFAULT-VALUE}.")
    int sockets;

    @Option(
            names = "--window",
            defaultValue = "16",
            description = "Requests outstanding on each socket. Default: ${DEFAULT-VALUE}.")
    int window;

    @Option(names = "--server-core", defaultValue = "0", description = "The server's core. Default: ${DEFAULT-VALUE}.")
    int serverCore;

    @Option(names = "--load-core", defaultValue = "1", description = "The load's core. Default: ${DEFAULT-VALUE}.")
    int loadCore;

    @Option(names = "--output", description = "A file to write the results to, as JSON.")
    Optional<Path> output = Optional.empty();

    /** One server in one round. */
    record Sample(
            String server, double cpuSecondsPerMillion, double answersPerSecond, double busy, long wrong, long lost) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Machine.pinTo(loadCore);
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(Contestant.culvert(ADDRESS, PORT));
        against.map(this::other).ifPresent(contestants::add);
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contestant contestant : contestants) {
                Sample sample = measure(contestant);
                samples.add(sample);
                System.out.printf(
                        Locale.ROOT,
                        "round %d  %-8s %6.2f CPU-s per million  %8.0f answers/s  server core %3.0f %% busy  wrong %d  lost %d%n",
                        round,
                        sample.server,
                        sample.cpuSecondsPerMillion,
                        sample.answersPerSecond,
                        100 * sample.busy,
                        sample.wrong,
                        sample.lost);
            }
        }
        Map<String, Object> result = summary(contestants, samples);
        print(contestants, samples);
        if (output.isPresent()) {
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(output.get(), json.writeValueAsString(result) + "\n");
        }
        return 0;
    }

    private Contestant other(String name) {
        if (!name.equals("coturn")) {
            throw new IllegalArgumentException("--against " + name + ": not known; it can be coturn");
        }
        return Contestant.coturn(ADDRESS, PORT);
    }

    private Sample measure(Contestant contestant) throws IOException, InterruptedException {
        Path log = Files.createTempFile("bench-", ".log");
        InetSocketAddress address = new InetSocketAddress(ADDRESS, PORT);
        try (MeasuredServer server = MeasuredServer.start(contestant.command(), serverCore, log);
                BindingLoad load = new BindingLoad(address, sockets, window)) {
            awaitFirstAnswer(contestant, server, load, log);
            Thread.sleep(Duration.ofSeconds(warmUpSeconds).toMillis());
            BindingLoad.Count before = load.count();
            Duration cpuBefore = server.cpuTime();
            long startNanos = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
            double elapsed = (System.nanoTime() - startNanos) / 1e9;
            double cpu = server.cpuTime().minus(cpuBefore).toMillis() / 1e3;
            BindingLoad.Count count = load.count().since(before);
            return new Sample(
                    contestant.name(),
                    cpu / count.answers() * 1e6,
                    count.answers() / elapsed,
                    cpu / elapsed,
                    count.wrong(),
                    count.lost());
        } finally {
            Files.delete(log);
        }
    }

    /** A launcher may have to build its program first. */
    private static void awaitFirstAnswer(Contestant contestant, MeasuredServer server, BindingLoad load, Path log)
            throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        while (load.count().answers() == 0) {
            if (!server.isAlive() || System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                throw new IllegalStateException(contestant.name() + " does not answer: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    private Map<String, Object> summary(List<Contestant> contestants, List<Sample> samples) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "binding");
        result.put("machine", Machine.describe());
        result.put("rounds", rounds);
        result.put("seconds", seconds);
        result.put("sockets", sockets);
        result.put("window", window);
        for (Contestant contestant : contestants) {
            result.put(
                    contestant.name(),
                    Map.of(
                            "command",
                            String.join(" ", contestant.command()),
                            "medianCpuSecondsPerMillion",
                            median(samples, contestant.name())));
        }
        result.put("samples", samples);
        return result;
    }

    private static void print(List<Contestant> contestants, List<Sample> samples) {
        double own = median(samples, contestants.get(0).name());
        System.out.println();
        System.out.println("| server | CPU-s per million answers (median) | ratio |");
        System.out.println("| --- | ---: | ---: |");
        for (Contestant contestant : contestants) {
            double median = median(samples, contestant.name());
            System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f |%n", contestant.name(), median, median / own);
        }
    }

    private static double median(List<Sample> samples, String server) {
        double[] sorted = samples.stream()
                .filter(sample -> sample.server.equals(server))
                .mapToDouble(Sample::cpuSecondsPerMillion)
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
