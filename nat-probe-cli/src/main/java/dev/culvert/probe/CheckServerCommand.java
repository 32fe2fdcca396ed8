package dev.culvert.probe;

import dev.culvert.ice.check.ServerReport;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.VertxServerCheck;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what a server supports and where it is wrong. Filled and called by picocli. */
@Command(
        name = "check-server",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Tells what a STUN or TURN server supports and where it is wrong.",
            "Sends some forty requests, none with credentials; does not test rate limits."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no fault was found",
            "1:faults were found, or an error",
            "20:no answer over UDP, but over TCP or TLS",
            "30:no answer at all",
            "2:usage"
        })
final class CheckServerCommand implements Callable<Integer> {
    /** After the first answer come at most four further ones in a row; each may be silence. */
    private static final int MAX_ROUNDS = 6;

    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port], or a stun:, stuns:, turn: or turns: URI.")
    String server = "";

    @Mixin
    Authorities authorities = new Authorities();

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        if (options.transport != null) {
            throw new UsageException(
                    "--transport " + options.transport.text() + ": the check asks over UDP, TCP and TLS; leave it out");
        }
        Console console = new Console(spec.commandLine(), options);
        ServerArgument argument = argument();
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop();
                Progress progress = console.progress()) {
            Targets targets = Targets.resolve(
                    loop.vertx(), List.of(argument), options.addressFamily(), options.timeoutOrDefault(), progress);
            ServerReport report = check(loop.vertx(), targets.targets().get(0), taps, progress);
            int exit = exitOf(report);
            console.print(
                    options.json
                            ? CheckJson.of(report, exit)
                            : new CheckText(report, options.verbosity(), options.quiet, console.style()).toString());
            return exit;
        }
    }

    /** A TURN server is a STUN server at the same address. */
    private ServerArgument argument() {
        return ServerArgument.parse(
                server.matches("(?i)turns?:.*")
                        ? server.replaceFirst("(?i)^turn", "stun").replaceFirst("\\?.*", "")
                        : server);
    }

    private ServerReport check(Vertx vertx, Targets.Target target, Taps taps, Progress progress)
            throws NetworkException {
        String host = target.argument().host();
        String name = IpAddress.parse(host).isPresent() ? "" : host;
        Duration longest = options.schedule().giveUpAfter().multipliedBy(MAX_ROUNDS);
        VertxServerCheck.Options wanted = new VertxServerCheck.Options(
                target.server(),
                target.tlsAddress(),
                new StreamBinding.Trust(false, name, authorities.file()),
                options.schedule(),
                options.timeoutOrDefault(),
                options.socketOptions(target.ip().family()),
                Clock.systemUTC());
        progress.waitFor("answers of " + target.address(), longest);
        Duration limit =
                longest.plus(options.timeoutOrDefault().multipliedBy(6)).plus(GRACE);
        return Waiting.atMost(limit, "check of " + target.address(), VertxServerCheck.run(vertx, wanted, taps));
    }

    private static int exitOf(ServerReport report) {
        if (!report.faults().isEmpty()) {
            return ExitCode.ERROR;
        }
        if (report.answered()) {
            return ExitCode.DIRECT;
        }
        return report.answersStreams() ? ExitCode.UDP_BLOCKED : ExitCode.INCONCLUSIVE;
    }
}
