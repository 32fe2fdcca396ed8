package dev.culvert.probe;

import dev.culvert.ice.gather.AddressPolicy;
import dev.culvert.ice.gather.GatherEvent;
import dev.culvert.ice.gather.GatherOptions;
import dev.culvert.ice.gather.LocalAddress;
import dev.culvert.ice.gather.LocalInterface;
import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.IceGathering;
import dev.culvert.ice.vertx.IceGatheringOptions;
import dev.culvert.ice.vertx.LocalInterfaces;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PortMappingOptions;
import dev.culvert.ice.vertx.RouterMappings;
import dev.culvert.stun.StunUri;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the ICE candidates of this host as they come. Filled and called by picocli. */
@Command(
        name = "gather",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the ICE candidates of this host as they come, with source and timing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:a server sees this host, or no server was asked",
            "10:there is a relayed candidate, and no server sees this host",
            "30:no server gave a candidate",
            "1:error",
            "2:usage"
        })
final class GatherCommand implements Callable<Integer> {
    /** How many of the public servers are asked: a second for the case that the first is down. */
    private static final int STANDARD_SERVERS = 2;

    /** A little more than the requests to a silent server take. */
    private static final Duration STANDARD_LIMIT = Duration.ofSeconds(15);

    /** Room for giving allocations and mappings back, longer than silent servers and routers can delay it. */
    private static final Duration FAREWELL = Duration.ofSeconds(15);

    /** Short, so that little stays at the router where this program is killed. */
    private static final Duration MAPPING_LIFETIME = Duration.ofMinutes(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "SERVER",
            arity = "0..*",
            description = "host[:port], stun:, turn: or turns: URI; default: public STUN servers.")
    List<String> servers = new ArrayList<>();

    @Option(names = "--user", paramLabel = "U", description = "User of the TURN servers.")
    @Nullable
    String user;

    @Option(names = "--password", paramLabel = "P", description = "Password of the TURN servers.")
    @Nullable
    String password;

    @Option(names = "--sdp", description = "Print a=candidate lines, and a=end-of-candidates.")
    boolean sdp;

    @Option(names = "--rtcp", description = "Gather for RTP and RTCP on ports of their own.")
    boolean rtcp;

    @Option(
            names = "--map",
            description = "Have the router map the ports, too (PCP, NAT-PMP, UPnP IGD); all are given back at the end.")
    boolean map;

    @Option(names = "--loopback", description = "Gather on loopback addresses, too: to try things on one host.")
    boolean loopback;

    @Mixin
    Authorities authorities = new Authorities();

    @Override
    public Integer call() throws NetworkException, IOException {
        check();
        Console console = new Console(spec.commandLine(), options);
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            IceGatheringOptions gathering = gatheringOptions(loop.vertx(), taps);
            GatherReport report = new GatherReport(gathering.gather().servers());
            GatherText text = new GatherText(console.style(), options.quiet);
            gather(loop.vertx(), gathering, console, event -> {
                report.add(event);
                show(event, text, console);
            });
            if (options.json) {
                console.print(report.toJson());
            } else if (!sdp && !options.quiet) {
                console.print(report.summary());
            }
            return report.exit();
        }
    }

    private void check() {
        options.check();
        if (options.transport != null || options.patient) {
            throw new UsageException(
                    (options.patient ? "--patient" : "--transport")
                            + ": gathering has its own schedule, and the URI says what carries it; give turn:HOST?transport=tcp");
        }
        if (sdp && options.json) {
            throw new UsageException("--sdp and --json: one form at a time; the JSON holds the lines, too");
        }
        if ((user == null) != (password == null)) {
            throw new UsageException("--user and --password: one is of no use without the other; give both");
        }
        if (options.networkInterface != null && !isThere()) {
            throw new UsageException("--interface " + options.networkInterface
                    + ": no such interface or address; give a name or address that this host has");
        }
    }

    private boolean isThere() {
        return LocalInterfaces.all().stream()
                .anyMatch(owner -> owner.addresses().stream().anyMatch(address -> isWanted(owner, address)));
    }

    private IceGatheringOptions gatheringOptions(Vertx vertx, Taps taps) {
        IceGatheringOptions.Builder builder = IceGatheringOptions.builder()
                .authoritiesFile(authorities.file())
                .timeout(options.timeoutOrDefault())
                .tap(taps)
                .gather(this::core);
        if (map) {
            builder.mapping(new RouterMappings(vertx, PortMappingOptions.defaults()).withLifetime(MAPPING_LIFETIME));
        }
        for (StunUri uri : uris()) {
            try {
                add(builder, uri);
            } catch (IllegalArgumentException e) {
                throw new UsageException("server " + e.getMessage());
            }
        }
        return builder.build();
    }

    private void add(IceGatheringOptions.Builder builder, StunUri uri) {
        if (!uri.scheme().isTurn()) {
            builder.stun(uri);
            return;
        }
        if (user == null || password == null) {
            throw new UsageException(
                    "server " + uri + ": a TURN server wants to know who asks; give --user and --password");
        }
        builder.turn(uri, credential(user, password));
    }

    private static LongTermCredential credential(String user, String password) {
        try {
            return new LongTermCredential(user, password);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "credential of '" + user + "': " + e.getMessage() + "; give the ones of the server");
        }
    }

    private List<StunUri> uris() {
        if (servers.isEmpty()) {
            return ServerList.standard().stream()
                    .limit(STANDARD_SERVERS)
                    .map(each -> new StunUri(StunUri.Scheme.STUN, each.host(), each.port(), StunUri.Transport.UDP))
                    .toList();
        }
        return servers.stream().map(ServerArgument::uri).toList();
    }

    private GatherOptions.Builder core(GatherOptions.Builder core) {
        AddressPolicy addresses = AddressPolicy.all().withFilter(this::isWanted);
        core.addresses(loopback ? addresses.withDangerLoopback() : addresses);
        if (options.sourcePort != 0) {
            core.ports(new GatherOptions.PortRange(options.sourcePort, options.sourcePort));
        }
        return rtcp ? core.separateRtcp() : core;
    }

    private boolean isWanted(LocalInterface owner, LocalAddress address) {
        String wanted = options.networkInterface;
        boolean isOfFamily = options.addressFamily()
                .filter(family -> family != address.ip().family())
                .isEmpty();
        return isOfFamily
                && (wanted == null
                        || wanted.equals(owner.name())
                        || wanted.equals(address.ip().toString()));
    }

    private void show(GatherEvent event, GatherText text, Console console) {
        if (options.json) {
            return;
        }
        if (sdp) {
            GatherText.sdp(event).ifPresent(console::print);
            GatherText.failure(event).ifPresent(console::warn);
            return;
        }
        text.line(event).ifPresent(console::print);
    }

    /** Runs to the end, or to the time limit. */
    private void gather(Vertx vertx, IceGatheringOptions gathering, Console console, Consumer<GatherEvent> events)
            throws NetworkException {
        Duration limit = options.timeout == null ? STANDARD_LIMIT : options.timeout;
        Future<Void> timeUp =
                vertx.timer(limit.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
        try (Progress progress = console.progress()) {
            progress.waitFor(gathering.uris().size() + " servers" + (map ? " and the router" : ""), limit);
            IceGathering running = IceGathering.start(vertx, gathering, events);
            giveBackOnSignal(running);
            Future<?> end = Future.any(running.complete(), timeUp);
            Waiting.atMost(limit.plus(FAREWELL), "gathering", end.mapEmpty());
            running.close();
            Waiting.atMost(FAREWELL, "giving allocations back", running.closed());
        }
    }

    /** Has mappings removed and allocations deleted before Ctrl-C or a kill ends this program. */
    private static void giveBackOnSignal(IceGathering running) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // The loop is gone after an end as usual.
            if (!running.closed().isComplete()) {
                running.close();
                running.closed()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .completeOnTimeout(null, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            }
        }));
    }
}
