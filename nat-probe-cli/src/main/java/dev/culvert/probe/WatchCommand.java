package dev.culvert.probe;

import dev.culvert.ice.nat.NatWatch;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.nat.WatchEvent;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.UdpBinding;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells when something about the way to the outside changes. Filled and called by picocli. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Prints a line for each change of the external address, the NAT or a server.",
            "It asks again and again, and tells at first how things stand. Ctrl-C ends it with the exit code of the last "
                    + "verdict."
        },
        exitCodeListHeading = "%nExit codes, by the last verdict:%n",
        exitCodeList = {
            "0:direct connections will work",
            "10:a relay is needed",
            "20:UDP is blocked",
            "30:inconclusive, or nothing answers",
            "1:error",
            "2:usage"
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "SERVER",
            description = "host[:port], stun: or stuns: URI; default: a list of public servers.")
    List<String> servers = new ArrayList<>();

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "From one round of questions to the next (default: 30s).")
    Duration interval = Duration.ofSeconds(30);

    @Option(names = "--count", paramLabel = "N", description = "End after N rounds (default: never).")
    int count;

    @Option(
            names = "--classify-every",
            paramLabel = "N",
            description = "Classify the NAT again after N rounds without a change (default: 20).")
    int classifyEvery = 20;

    private final Clock clock = Clock.systemUTC();

    private record Network(Vertx vertx, Targets targets, PacketTap tap) {}

    @Override
    public Integer call() throws NetworkException, IOException {
        check();
        Console console = new Console(spec.commandLine(), options);
        List<ServerArgument> arguments = servers.isEmpty()
                ? ServerList.standard()
                : servers.stream().map(ServerArgument::parse).toList();
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop();
                Interruption interruption = new Interruption()) {
            interruption.exitWith(ExitCode.INCONCLUSIVE);
            Targets targets = Targets.resolve(loop.vertx(), arguments, options, console);
            targets.warnings().forEach(console::warn);
            NatWatch watch = new NatWatch(classifyEvery, event -> console.print(text(event)));
            return watch(watch, new Network(loop.vertx(), targets, taps), console, interruption);
        }
    }

    private void check() {
        options.check();
        if (options.transport != null && options.transport != Transport.UDP) {
            throw new UsageException("--transport " + options.transport.text()
                    + ": what is watched is the way over UDP; give udp, or leave it out");
        }
        if (options.sourcePort != 0) {
            throw new UsageException("--source-port " + options.sourcePort
                    + ": each round opens fresh sockets, so that none meets what the last one left; leave it out");
        }
        if (count < 0) {
            throw new UsageException("--count " + count + ": give the number of rounds, or leave it out");
        }
        if (classifyEvery < 1) {
            throw new UsageException("--classify-every " + classifyEvery + ": give 1 or more");
        }
    }

    private int watch(NatWatch watch, Network network, Console console, Interruption interruption)
            throws NetworkException {
        int rounds = 0;
        do {
            watch.onRound(ask(network), now());
            if (watch.wantsDiscovery()) {
                classify(watch, network, console);
            }
            interruption.exitWith(ExitCode.of(watch.natType()));
            rounds++;
        } while (rounds != count && !console.isClosed() && !interruption.isAskedWithin(interval));
        return ExitCode.of(watch.natType());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Asks each server once; whatever goes wrong is no answer. */
    private Map<ProbeServer, Optional<TransportAddress>> ask(Network network) throws NetworkException {
        Map<ProbeServer, Future<Optional<TransportAddress>>> asked = new LinkedHashMap<>();
        for (ProbeServer server : network.targets().servers()) {
            Future<Optional<TransportAddress>> answer = UdpBinding.ask(
                            network.vertx(),
                            server.address(),
                            options.schedule(),
                            options.socketOptions(network.targets().family()),
                            network.tap())
                    .map(received -> mapped(received.message()))
                    .otherwise(Optional.empty());
            asked.put(server, answer);
        }
        Duration limit = options.schedule().giveUpAfter().plus(GRACE);
        Map<ProbeServer, Optional<TransportAddress>> seen = new LinkedHashMap<>();
        for (Map.Entry<ProbeServer, Future<Optional<TransportAddress>>> each : asked.entrySet()) {
            seen.put(
                    each.getKey(),
                    Waiting.atMost(limit, "asking " + each.getKey().name(), each.getValue()));
        }
        return seen;
    }

    private static Optional<TransportAddress> mapped(StunMessage message) {
        return message.get(XorMappedAddress.TYPE)
                .map(XorMappedAddress::address)
                .or(() -> message.get(MappedAddress.TYPE).map(MappedAddress::address));
    }

    private void classify(NatWatch watch, Network network, Console console) {
        Discovery discovery = new Discovery(network.vertx(), options, network.tap());
        try {
            watch.onVerdict(
                    discovery.run(network.targets(), console).verdict(),
                    clock.instant().truncatedTo(ChronoUnit.SECONDS));
        } catch (NetworkException e) {
            // Without a network there is nothing to classify; the next round tries again.
            console.warn(String.valueOf(e.getMessage()));
        }
    }

    private String text(WatchEvent event) {
        return options.json ? WatchLine.json(event) : WatchLine.text(event);
    }
}
