package dev.culvert.probe;

import dev.culvert.ice.nat.PortReport;
import dev.culvert.ice.vertx.NatMeasurements;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds out how the NAT chooses external ports. Filled and called by picocli. */
@Command(
        name = "ports",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Finds out how the NAT chooses external ports and addresses, over many sockets.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:error", "2:usage"})
final class PortsCommand implements Callable<Integer> {
    private static final int MIN_SOCKETS = 4;
    private static final int MAX_SOCKETS = 200;

    /** Those on consecutive ports. */
    private static final int FURTHER_SOCKETS = 8;

    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port] or stun: URI.")
    String server = "";

    @Option(
            names = "--sockets",
            paramLabel = "N",
            defaultValue = "32",
            description = "How many sockets to open one after another, 4 to 200 (default: 32).")
    int sockets;

    @Option(names = "--explain", description = "Tell in plain words how the result was reached.")
    boolean explain;

    @Override
    public Integer call() throws NetworkException, IOException {
        if (sockets < MIN_SOCKETS || sockets > MAX_SOCKETS) {
            throw new UsageException("--sockets " + sockets
                    + ": too few to tell a rule, or more than a NAT likes; give " + MIN_SOCKETS + " to " + MAX_SOCKETS);
        }
        Console console = new Console(spec.commandLine(), options);
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Asked asked = Asked.of(loop.vertx(), server, "ports", sockets, options, console);
            PortReport report = measure(loop.vertx(), asked, taps, console);
            if (!report.answered()) {
                throw asked.silent(options);
            }
            PortsText text = new PortsText(report);
            console.print(
                    options.json
                            ? text.json(ExitCode.DIRECT, explain)
                            : text.of(options.verbosity(), options.quiet, explain, console.style()));
            return ExitCode.DIRECT;
        }
    }

    private PortReport measure(Vertx vertx, Asked asked, PacketTap tap, Console console) throws NetworkException {
        int all = sockets + FURTHER_SOCKETS;
        Duration expected = PACE.multipliedBy(all);
        Duration limit = expected.plus(options.schedule().giveUpAfter().multipliedBy(all))
                .plus(GRACE);
        try (Progress progress = console.progress()) {
            progress.waitFor(
                    "an answer of " + asked.server().name(), options.schedule().giveUpAfter());
            Future<PortReport> measuring = NatMeasurements.ports(
                    vertx,
                    asked.plan(options),
                    sockets,
                    asked.sockets(),
                    tap,
                    done -> progress.waitFor((all - done) + " sockets", PACE.multipliedBy(all - done)));
            return Waiting.atMost(limit, "external ports", measuring);
        }
    }
}
