package dev.culvert.probe;

import dev.culvert.ice.nat.HairpinBehavior;
import dev.culvert.ice.nat.HairpinReport;
import dev.culvert.ice.vertx.NatMeasurements;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.VertxMeasurement;
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

/** Finds out whether two hosts behind this NAT can meet at its public address. Filled and called by picocli. */
@Command(
        name = "hairpin",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Finds out whether two hosts behind this NAT can meet at its public address.",
            "Sends from this host to the NAT's own public address, which some firewalls take for an attack."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:they can, or there is no NAT",
            "10:they cannot: by local addresses or a relay only",
            "1:error",
            "2:usage"
        })
final class HairpinCommand implements Callable<Integer> {
    /** From the first request to the other socket until it is given up, and closing. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int SOCKETS = 2;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port] or stun: URI.")
    String server = "";

    @Option(names = "--explain", description = "Tell in plain words how the result was reached.")
    boolean explain;

    @Override
    public Integer call() throws NetworkException, IOException {
        Console console = new Console(spec.commandLine(), options);
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Asked asked = Asked.of(loop.vertx(), server, "hairpin", SOCKETS, options, console);
            HairpinReport report = measure(loop.vertx(), asked, taps, console);
            if (!report.answered()) {
                throw asked.silent(options);
            }
            int exit = report.behavior() == HairpinBehavior.NONE ? ExitCode.RELAY_NEEDED : ExitCode.DIRECT;
            HairpinText text = new HairpinText(report);
            console.print(
                    options.json
                            ? text.json(exit, explain)
                            : text.of(options.verbosity(), options.quiet, explain, console.style()));
            return exit;
        }
    }

    private HairpinReport measure(Vertx vertx, Asked asked, PacketTap tap, Console console) throws NetworkException {
        Duration answers = options.schedule().giveUpAfter();
        try (Progress progress = console.progress();
                VertxMeasurement<HairpinReport> run =
                        NatMeasurements.hairpin(vertx, asked.plan(options), asked.sockets(), tap)) {
            progress.waitFor("packets to come back", answers.plus(Duration.ofMillis(2500)));
            return Waiting.atMost(answers.plus(GRACE), "hairpinning", run.result());
        }
    }
}
