package dev.culvert.probe;

import dev.culvert.ice.portmap.MappingFailure;
import dev.culvert.ice.portmap.MappingRequest;
import dev.culvert.ice.portmap.PortMapping;
import dev.culvert.ice.portmap.PortProtocol;
import dev.culvert.ice.portmap.RouterReport;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PortMappingException;
import dev.culvert.ice.vertx.PortMappingOptions;
import dev.culvert.ice.vertx.PortMappings;
import dev.culvert.ice.vertx.UdpBinding;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the router what it offers for mapping ports. Filled and called by picocli. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Tells what the router offers for mapping ports (PCP, NAT-PMP, UPnP IGD).",
            "Tells its address outside, too, and with SERVER whether another NAT stands beyond it. Maps nothing without "
                    + "--map."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the router maps ports, and no other NAT is known to hide them",
            "10:another NAT stands beyond the router",
            "20:the router refuses",
            "30:the router does not answer",
            "1:error",
            "2:usage"
        })
final class GatewayCommand implements Callable<Integer> {
    /** By then it is known of every protocol whether the router offers it, unless UPnP devices are slow. */
    private static final Duration EXPECTED = Duration.ofSeconds(4);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Short, so that little stays where this program is killed. */
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "SERVER",
            arity = "0..1",
            description = "STUN server to compare the router's address with: host[:port] or stun: URI; default: none.")
    @Nullable
    String server;

    @Option(
            names = "--map",
            paramLabel = "PORT",
            description =
                    "Map this port of this host (UDP; TCP with --transport tcp), hold the mapping until Ctrl-C or "
                            + "the end of --for, and remove it.")
    @Nullable
    Integer port;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long --map holds the mapping, for example 30s.")
    @Nullable
    Duration hold;

    @Option(names = "--router", paramLabel = "IP", description = "Ask this router; default: that of the default route.")
    @Nullable
    String router;

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        checkUsage();
        Console console = new Console(spec.commandLine(), options);
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            GatewayHold held = new GatewayHold(console);
            PortMappingOptions mapping = mappingOptions().withEvents(held::onEvent);
            PortMappings mappings =
                    Waiting.atMost(LIMIT, "finding the router", PortMappings.open(loop.vertx(), mapping));
            try {
                held.removeOnSignal(mappings);
                GatewayFinding finding = find(loop.vertx(), mappings, console, taps);
                console.print(options.json ? GatewayJson.of(finding) : GatewayText.of(finding));
                if (finding.mapping().isPresent()) {
                    held.hold(Optional.ofNullable(hold));
                }
                return finding.exit();
            } finally {
                held.remove(mappings);
            }
        }
    }

    private void checkUsage() {
        Integer wanted = port;
        if (wanted != null && (wanted < 1 || wanted > 0xFFFF)) {
            throw new UsageException("--map " + wanted + ": no such port; give 1 to 65535");
        }
        if (hold != null && port == null) {
            throw new UsageException("--for: holds nothing without a mapping; give --map PORT, too");
        }
        if (options.transport == Transport.TLS) {
            throw new UsageException("--transport tls: routers map UDP and TCP ports; give udp or tcp");
        }
        String named = router;
        if (named != null && IpAddress.parse(named).isEmpty()) {
            throw new UsageException("--router " + named + ": no IP address; give for example 192.168.1.1");
        }
    }

    private PortMappingOptions mappingOptions() {
        Optional<IpAddress> named = Optional.ofNullable(router).flatMap(IpAddress::parse);
        AddressFamily family =
                named.map(IpAddress::family).or(options::addressFamily).orElse(AddressFamily.IPV4);
        PortMappingOptions wanted = PortMappingOptions.defaults().withFamily(family);
        return named.map(wanted::withGateway).orElse(wanted).withLocal(options.localAddress(family));
    }

    private GatewayFinding find(Vertx vertx, PortMappings mappings, Console console, Taps taps)
            throws NetworkException {
        try (Progress progress = console.progress()) {
            progress.waitFor("the router's answers", EXPECTED);
            String asked = server;
            Optional<IpAddress> mapped = asked == null ? Optional.empty() : ask(vertx, asked, console, progress, taps);
            RouterReport report = Waiting.atMost(LIMIT, "asking the router", mappings.settled());
            Integer wanted = port;
            if (wanted == null) {
                return new GatewayFinding(mappings.router(), report, mapped, Optional.empty(), List.of());
            }
            progress.waitFor("the mapping", EXPECTED);
            Mapped outcome = map(mappings, wanted);
            // The router may have told its address with the mapping.
            RouterReport told = Waiting.atMost(LIMIT, "asking the router", mappings.report());
            return new GatewayFinding(mappings.router(), told, mapped, outcome.mapping(), outcome.refusals());
        }
    }

    private record Mapped(Optional<PortMapping> mapping, List<MappingFailure> refusals) {}

    private Mapped map(PortMappings mappings, int wanted) throws NetworkException {
        PortProtocol protocol = options.transport == Transport.TCP ? PortProtocol.TCP : PortProtocol.UDP;
        MappingRequest request = MappingRequest.of(protocol, wanted).withLifetime(LIFETIME);
        Future<Mapped> outcome = mappings.map(request)
                .map(made -> new Mapped(Optional.of(made), List.of()))
                .recover(cause -> cause instanceof PortMappingException refused
                        ? Future.succeededFuture(new Mapped(Optional.empty(), refused.failures()))
                        : Future.failedFuture(cause));
        return Waiting.atMost(LIMIT, "mapping port " + wanted, outcome);
    }

    /** The address that the server sees; empty, with a warning, where it does not answer. */
    private Optional<IpAddress> ask(Vertx vertx, String name, Console console, Progress progress, Taps taps) {
        ServerArgument argument = ServerArgument.parse(name);
        try {
            Targets targets = Targets.resolve(
                    vertx,
                    List.of(argument),
                    Optional.of(mappingOptions().family()),
                    options.timeoutOrDefault(),
                    progress);
            Targets.Target target = targets.targets().get(0);
            Future<UdpBinding.Answer> asking = UdpBinding.ask(
                    vertx,
                    target.address(),
                    options.schedule(),
                    options.socketOptions(target.ip().family()),
                    taps);
            return Waiting.atMost(LIMIT, "asking " + name, asking)
                    .message()
                    .get(XorMappedAddress.TYPE)
                    .map(mapped -> mapped.address().ip());
        } catch (NetworkException e) {
            console.warn(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
