package dev.culvert.probe;

import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.vertx.NetworkException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies the NAT that this host is behind. Filled and called by picocli. */
@Command(
        name = "nat-probe",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Names the NAT that this host is behind, with evidence.",
            "Without a command it asks every SERVER, and tells mapping, filtering, the classic name and what they mean."
        },
        subcommands = {
            BindCommand.class,
            LifetimeCommand.class,
            HairpinCommand.class,
            PortsCommand.class,
            GatewayCommand.class,
            GatherCommand.class,
            TurnCommand.class,
            PairCommand.class,
            CheckServerCommand.class,
            SipCommand.class,
            DecodeCommand.class,
            WatchCommand.class,
            HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:direct connections will work",
            "10:a relay is needed",
            "20:UDP is blocked",
            "30:inconclusive",
            "1:error",
            "2:usage"
        })
final class NatProbe implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "SERVER",
            description = "host[:port], stun: or stuns: URI; default: a list of public servers.")
    List<String> servers = new ArrayList<>();

    @Option(names = "--servers", paramLabel = "FILE", description = "Take the servers from FILE, one a line.")
    @Nullable
    Path serversFile;

    @Option(names = "--explain", description = "Tell in plain words how the verdict was reached.")
    boolean explain;

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        if (options.transport != null && options.transport != Transport.UDP) {
            throw new UsageException("--transport " + options.transport.text()
                    + ": the classification is about UDP and checks TCP and TLS besides; give udp, or use bind");
        }
        Console console = new Console(spec.commandLine(), options);
        List<ServerArgument> arguments = arguments();
        if (options.sourcePort != 0) {
            console.warn("--source-port " + options.sourcePort
                    + ": what an earlier run left in the NAT's table can change the filtering that is measured");
        }
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Targets targets = resolve(loop.vertx(), arguments, console);
            targets.warnings().forEach(console::warn);
            NatReport report = new Discovery(loop.vertx(), options, taps).run(targets, console);
            int exit = ExitCode.of(report.verdict().natType());
            console.print(options.json ? JsonReport.of(report, exit, explain) : text(report, console));
            return exit;
        }
    }

    /** A first server that nobody knows is more likely a command that was misspelt. */
    private Targets resolve(Vertx vertx, List<ServerArgument> arguments, Console console) throws NetworkException {
        Targets targets;
        try {
            targets = Targets.resolve(vertx, arguments, options, console);
        } catch (NetworkException.UnknownHost e) {
            refuseMisspelling(List.of());
            throw e;
        }
        refuseMisspelling(targets.targets());
        return targets;
    }

    private void refuseMisspelling(List<Targets.Target> known) {
        if (servers.isEmpty()
                || known.stream().anyMatch(target -> target.argument().text().equals(servers.get(0)))) {
            return;
        }
        Misspelling.of(servers.get(0), spec.subcommands().keySet()).ifPresent(meant -> {
            throw new UsageException(
                    "'" + servers.get(0) + "': is neither a command nor a known host; give nat-probe " + meant);
        });
    }

    private String text(NatReport report, Console console) {
        String text = new TextReport(report, options.verbosity(), options.quiet, console.style()).toString();
        return explain ? text + "\n" + String.join("\n", Explanation.of(report)) : text;
    }

    private List<ServerArgument> arguments() {
        if (!servers.isEmpty()) {
            return servers.stream().map(ServerArgument::parse).toList();
        }
        return serversFile == null ? ServerList.standard() : ServerList.in(serversFile);
    }
}
