package dev.culvert.probe;

import dev.culvert.ice.nat.DiscoveryPlan;
import dev.culvert.ice.nat.NatReport;
import dev.culvert.ice.nat.StreamCheck;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.StreamChecks;
import dev.culvert.ice.vertx.VertxNatDiscovery;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        description = "Names the NAT that this host is behind, with evidence.",
        subcommands = {
            BindCommand.class,
            SipCommand.class,
            DecodeCommand.class,
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
    /** Connections are given up when the UDP tests are. */
    private static final Duration STREAM_TIMEOUT = Duration.ofMillis(2500);

    /** Far longer than any discovery takes after its last deadline. */
    private static final Duration GRACE = Duration.ofSeconds(30);

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
            Targets targets =
                    Targets.resolve(loop.vertx(), arguments, options.addressFamily(), options.timeoutOrDefault());
            targets.warnings().forEach(console::warn);
            NatReport report = discover(loop.vertx(), targets, taps, console);
            int exit = ExitCode.of(report.verdict().natType());
            console.print(options.json ? JsonReport.of(report, exit, explain) : text(report, console));
            return exit;
        }
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

    private NatReport discover(Vertx vertx, Targets targets, PacketTap tap, Console console) throws NetworkException {
        SocketOptions sockets = options.socketOptions(targets.family());
        List<IpAddress> local = sockets.localAddress().isPresent()
                ? List.of(sockets.localAddress().get())
                : LocalAddresses.ofReach(
                        LocalAddresses.routeTo(targets.targets().get(0).address()));
        List<Future<StreamCheck>> checks = streamChecks(vertx, targets, sockets.localAddress(), tap);
        DiscoveryPlan plan = new DiscoveryPlan(targets.servers(), local, options.schedule(), checks.size());
        // Mapping, alternates, filtering with its controls, drift: each waits for the silent once at most.
        Duration expected = plan.schedule().giveUpAfter().multipliedBy(4);
        Duration limit = plan.schedule().giveUpAfter().multipliedBy(6).plus(GRACE);
        try (Progress progress = console.progress()) {
            progress.waitFor("answers of " + targets.targets().size() + " servers", expected);
            return Waiting.atMost(limit, "discovery", VertxNatDiscovery.run(vertx, plan, sockets, checks, tap));
        }
    }

    private List<Future<StreamCheck>> streamChecks(
            Vertx vertx, Targets targets, Optional<IpAddress> local, PacketTap tap) {
        Duration wanted = options.timeoutOrDefault();
        Duration timeout = wanted.compareTo(STREAM_TIMEOUT) < 0 ? wanted : STREAM_TIMEOUT;
        List<Future<StreamCheck>> checks = new ArrayList<>();
        for (Targets.Target target : targets.targets()) {
            for (StreamCheck.Transport transport : StreamCheck.Transport.values()) {
                boolean tls = transport == StreamCheck.Transport.TLS;
                StreamBinding.Options stream =
                        new StreamBinding.Options(tls, StreamBinding.Trust.DANGER_ANY, timeout, local);
                TransportAddress address = tls ? target.tlsAddress() : target.address();
                checks.add(StreamChecks.check(vertx, target.server(), address, transport, stream, tap));
            }
        }
        return checks;
    }
}
