package dev.culvert.probe;

import dev.culvert.ice.nat.LifetimeEvent;
import dev.culvert.ice.nat.LifetimePlan;
import dev.culvert.ice.nat.LifetimeReport;
import dev.culvert.ice.vertx.NatMeasurements;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.VertxMeasurement;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds out how long an idle mapping lives. Filled and called by picocli. */
@Command(
        name = "lifetime",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Finds out how long an idle mapping of the NAT lives, and how often to send keepalives.",
            "It looks at fresh mappings and at those with traffic both ways. That takes about as long as the mappings "
                    + "live, with the usual rungs ten minutes at most. SERVER should know RESPONSE-PORT (RFC 5780)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:a lifetime was found", "30:inconclusive", "1:error", "2:usage"})
final class LifetimeCommand implements Callable<Integer> {
    /** Repeated checks, names and the like. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port] or stun: URI.")
    String server = "";

    @Option(
            names = "--rungs",
            paramLabel = "DURATION",
            split = ",",
            converter = DurationConverter.class,
            description = "Idle times to try, rising, from 1s on (default: 15s,30s,45s,1m,90s,2m,3m,4m,5m,7m,10m).")
    @Nullable
    List<Duration> rungs;

    @Option(names = "--explain", description = "Tell in plain words how the result was reached.")
    boolean explain;

    @Override
    public Integer call() throws NetworkException, IOException {
        Console console = new Console(spec.commandLine(), options);
        List<Duration> tried = rungs == null ? LifetimePlan.standardRungs() : rungs;
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Asked asked = Asked.of(loop.vertx(), server, "lifetime", 2 + 2 * tried.size(), options, console);
            LifetimeReport report = measure(loop.vertx(), plan(asked, tried), asked, taps, console);
            if (!report.answered()) {
                throw asked.silent(options);
            }
            int exit = report.fresh().isKnown() || report.stream().isKnown() ? ExitCode.DIRECT : ExitCode.INCONCLUSIVE;
            LifetimeText text = new LifetimeText(report);
            console.print(
                    options.json
                            ? LifetimeJson.of(report, exit, explain ? text.explanation() : List.of())
                            : text.of(options.verbosity(), options.quiet, explain, console.style()));
            return exit;
        }
    }

    private LifetimePlan plan(Asked asked, List<Duration> tried) {
        try {
            return new LifetimePlan(asked.server(), asked.local(), tried, options.schedule());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--rungs: " + e.getMessage() + "; give for example 15s,30s,1m,2m");
        }
    }

    private LifetimeReport measure(Vertx vertx, LifetimePlan plan, Asked asked, PacketTap tap, Console console)
            throws NetworkException {
        Duration longest = plan.rungs().get(plan.rungs().size() - 1);
        Duration limit =
                longest.plus(options.schedule().giveUpAfter().multipliedBy(6)).plus(GRACE);
        try (Progress progress = console.progress();
                VertxMeasurement<LifetimeReport> run =
                        NatMeasurements.lifetime(vertx, plan, asked.sockets(), tap, event -> show(event, progress))) {
            progress.waitFor(
                    "an answer of " + asked.server().name(), options.schedule().giveUpAfter());
            return Waiting.atMost(limit, "the lifetime of mappings", run.result());
        }
    }

    private static void show(LifetimeEvent event, Progress progress) {
        int open = event.openRungs();
        progress.waitFor(open + (open == 1 ? " idle mapping" : " idle mappings"), event.atMost());
    }
}
