package dev.culvert.probe;

import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.ice.diagnosis.TransportReport;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.ExaminationPlan;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.TurnExamination;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.stun.AddressFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The TURN doctor: relays between two allocations of its own. Filled and called by picocli. */
@Command(
        name = "turn",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Examines a TURN server, and says what is wrong.",
            "It opens two allocations and relays between them, so that no peer is needed: each step is timed, then round "
                    + "trips, loss, jitter and throughput are measured."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:relaying works over one transport at least",
            "20:no answer, or nothing passes the relay",
            "30:allocated, but relaying could not be measured",
            "1:error",
            "2:usage"
        })
final class TurnCommand implements Callable<Integer> {
    /** Room for two allocations, what is measured between, and the end. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final int MAX_COUNT = 100_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "URI",
            description =
                    "turn:host[:port][?transport=udp|tcp], turns:host[:port], or host[:port]. Without a transport,"
                            + " UDP, TCP and TLS are tried.")
    String server = "";

    @Option(names = "--user", paramLabel = "U", required = true, description = "Username of the credential.")
    String user = "";

    @Option(names = "--password", paramLabel = "P", description = "Its password; others on this host may see it.")
    @Nullable
    String password;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is the password.")
    @Nullable
    Path passwordFile;

    @Mixin
    Authorities authorities = new Authorities();

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Datagrams for round trip, loss and jitter, one each 20 ms (default: ${DEFAULT-VALUE}).")
    int count = 100;

    @Option(names = "--no-throughput", description = "Do not measure how much comes through, which takes a second.")
    boolean noThroughput;

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        check();
        TurnArgument argument = TurnArgument.parse(server, options.transport);
        LongTermCredential credential = credential();
        Console console = new Console(spec.commandLine(), options);
        List<TransportReport> reports = new ArrayList<>();
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop();
                Progress progress = console.progress()) {
            for (TurnArgument.Way way : argument.ways()) {
                ExaminationPlan plan = plan(credential, taps, step -> tell(progress, way, step));
                reports.add(Waiting.atMost(
                        limit(),
                        "examining " + way.uri(),
                        TurnExamination.run(loop.vertx(), way.uri(), way.transport(), plan)));
            }
        }
        TurnReport report = new TurnReport(argument.text(), reports);
        if (report.isUnknown()) {
            throw new NetworkException.UnknownHost(
                    reports.get(0).findings().get(0).text(), null);
        }
        console.print(options.json ? report.toJson() : report.toText(options.quiet));
        return report.exit();
    }

    private void check() {
        if (options.sourcePort != 0) {
            throw new UsageException(
                    "--source-port " + options.sourcePort + ": turn needs several sockets at a time; leave it out");
        }
        if (count < 1 || count > MAX_COUNT) {
            throw new UsageException("--count " + count + ": is out of range; give 1 to " + MAX_COUNT);
        }
        if ((password == null) == (passwordFile == null)) {
            throw new UsageException("password of '" + user
                    + "': is needed once; give --password, or --password-file with a file whose first line it is");
        }
    }

    private LongTermCredential credential() {
        try {
            return new LongTermCredential(user, password == null ? passwordInFile() : password);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "credential of '" + user + "': " + e.getMessage() + "; give the ones of the server");
        }
    }

    private String passwordInFile() {
        Path file = passwordFile == null ? Path.of("") : passwordFile;
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("--password-file " + file
                    + ": cannot be read; give a readable file whose first line" + " is the password");
        }
    }

    private ExaminationPlan plan(
            LongTermCredential credential, PacketTap tap, Consumer<ExaminationStep.Name> progress) {
        Optional<AddressFamily> family = options.networkInterface == null
                ? options.addressFamily()
                : Optional.of(options.addressFamily().orElse(AddressFamily.IPV4));
        SocketOptions local = family.map(options::socketOptions).orElse(SocketOptions.ANY);
        TurnOptions turn = TurnOptions.defaults()
                .withTimeout(options.timeoutOrDefault())
                .withLocal(local)
                .withTap(tap)
                .withTrust(new StreamBinding.Trust(false, "", authorities.file()));
        Duration sending = noThroughput ? Duration.ZERO : Duration.ofSeconds(1);
        return new ExaminationPlan(credential, turn, family, count, sending, InstantSource.system(), progress);
    }

    private void tell(Progress progress, TurnArgument.Way way, ExaminationStep.Name step) {
        Duration wait = switch (step) {
            case RELAY -> Duration.ofMillis(20L * count + 1000);
            case THROUGHPUT -> Duration.ofSeconds(2);
            case OUTSIDE -> Duration.ofSeconds(3);
            default -> options.timeoutOrDefault().multipliedBy(2);
        };
        String name = way.transport().name().toLowerCase(Locale.ROOT);
        progress.waitFor(TurnReport.text(step) + " over " + name, wait);
    }

    /** A name, and per server connection and allocation, twice; and what is measured. */
    private Duration limit() {
        return options.timeoutOrDefault()
                .multipliedBy(12)
                .plusMillis(20L * count)
                .plus(GRACE);
    }
}
