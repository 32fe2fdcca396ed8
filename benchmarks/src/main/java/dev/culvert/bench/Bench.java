package dev.culvert.bench;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The main of {@code bin/bench}. */
@Command(
        name = "bench",
        description = "Measures Culvert, alone or beside other servers: what a packet costs them.",
        mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
    private static final String ALL = "all";

    /** Servers have loopback addresses from here on. */
    private static final int FIRST_HOST = 11;

    @Parameters(
            paramLabel = "SHAPE",
            description =
                    "What to measure: all, or some of binding, bulk, singles, trains, thin, send-indication, tcp, tls,"
                            + " allocate, latency, growth, idle. Default: all.")
    List<String> shapes = List.of(ALL);

    @Option(names = "--against", description = "Another server to measure in the same run: coturn.")
    Optional<String> against = Optional.empty();

    @Option(
            names = "--contestants",
            split = ",",
            description =
                    "The servers: culvert, culvert-jdkN on that version of Java, either with a variant (-shared with"
                            + " shared relay ports, -no-gro and -netty with slower sockets, -g1, -parallel, -c1 and -unchecked"
                            + " with other flags of the JVM), coturn, coturn-m0. Default: culvert, and whatever --against"
                            + " names.")
    List<String> contestants = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "7",
            description = "Rounds; medians are told. Default: ${DEFAULT-VALUE}.")
    int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            description = "Measured time of a round. Default: ${DEFAULT-VALUE}.")
    double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "4",
            description = "Seconds before the first round. Default: ${DEFAULT-VALUE}.")
    double warmUpSeconds;

    @Option(
            names = "--idle-allocations",
            defaultValue = "10000",
            description = "Allocations for the shape idle. Default: ${DEFAULT-VALUE}.")
    int idleAllocations;

    @Option(
            names = "--port",
            defaultValue = "3478",
            description = "The servers' port, and the next one for TLS, each on a loopback address of its own."
                    + " Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(names = "--server-core", defaultValue = "0", description = "The servers' core. Default: ${DEFAULT-VALUE}.")
    int serverCore;

    @Option(names = "--load-core", defaultValue = "1", description = "The load's core. Default: ${DEFAULT-VALUE}.")
    int loadCore;

    @Option(
            names = "--output",
            description = "A directory to write the results to: results.json, table.md, and charts as SVG.")
    Optional<Path> output = Optional.empty();

    @Spec
    CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Set<Shape> wanted = wantedShapes();
        List<Contestant> servers = contestants();
        Path scratch = Files.createTempDirectory("bench-");
        Settings settings = new Settings(
                rounds,
                Duration.ofMillis(Math.round(seconds * 1000)),
                Duration.ofMillis(Math.round(warmUpSeconds * 1000)),
                serverCore,
                idleAllocations,
                scratch);
        List<Row> rows = new ArrayList<>();
        Machine.pinTo(loadCore);
        try (Generator generator = new Generator()) {
            Field field = new Field(generator, settings, servers, Certificate.make(scratch));
            for (Shape shape : wanted) {
                rows.addAll(shape.measure(field));
            }
        }
        Results results = new Results(settings, servers, Machine.describe(), rows);
        System.out.print(results.table());
        if (output.isPresent()) {
            results.write(output.get());
        }
        return results.areSound() ? 0 : 1;
    }

    private Set<Shape> wantedShapes() {
        Set<Shape> wanted = new LinkedHashSet<>();
        for (String text : shapes) {
            if (text.equals(ALL)) {
                wanted.addAll(Arrays.asList(Shape.values()));
            } else {
                wanted.add(Shape.named(text)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "SHAPE " + text + ": not known; it can be all or " + Arrays.toString(Shape.values()))));
            }
        }
        return wanted;
    }

    private List<Contestant> contestants() {
        List<String> names = new ArrayList<>(contestants);
        if (names.isEmpty()) {
            names.add(Contestant.CULVERT);
        }
        against.filter(name -> !names.contains(name)).ifPresent(names::add);
        List<Contestant> servers = new ArrayList<>();
        for (String name : names) {
            IpAddress ip =
                    IpAddress.parse("127.0.0." + (FIRST_HOST + servers.size())).orElseThrow();
            servers.add(Contestant.named(name, new TransportAddress(ip, port))
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "contestant " + name + ": not known, or that Java is not installed; it can be culvert or"
                                    + " culvert-jdkN, with -shared, -no-gro, -netty, -g1, -parallel, -c1 or -unchecked"
                                    + " behind it, coturn or coturn-m0")));
        }
        return servers;
    }
}
