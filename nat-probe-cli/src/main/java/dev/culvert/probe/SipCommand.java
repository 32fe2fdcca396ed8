package dev.culvert.probe;

import dev.culvert.ice.sip.SipAttempt;
import dev.culvert.ice.sip.SipReport;
import dev.culvert.ice.sip.SipTransport;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.SipProbe;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for a SIP ALG on the way to a server with a reflector. Filled and called by picocli. */
@Command(
        name = "sip",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Tells whether something on the way to SERVER rewrites SIP (an ALG), and what it broke.",
            "SERVER must be a stun-server with --sip-reflector that listens on the ports that are asked."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no ALG, or one whose rewriting fits",
            "20:an ALG that breaks calls",
            "30:inconclusive",
            "1:error",
            "2:usage"
        })
final class SipCommand implements Callable<Integer> {
    static final String SCHEMA = "culvert.nat-probe.sip/1";

    /** RFC 3261 §19.1.2: the default port, at which ALGs look. */
    private static final int SIP_PORT = 5060;

    private static final int MAX_PORTS = 8;

    /** Room for closing and the like besides the waits for answers. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port] or stun: URI.")
    String server = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "A port to ask, repeatable, the one that an ALG would look at first "
                    + "(default: 5060, then that of SERVER).")
    List<Integer> ports = new ArrayList<>();

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        Console console = new Console(spec.commandLine(), options);
        ServerArgument argument = ServerArgument.parse(server);
        List<Integer> asked = ports(argument);
        List<SipTransport> transports = transports();
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Targets targets = Targets.resolve(loop.vertx(), List.of(argument), options, console);
            IpAddress ip = targets.targets().get(0).ip();
            SipProbe.Plan plan = new SipProbe.Plan(
                    ip,
                    asked,
                    transports,
                    options.schedule(),
                    options.timeoutOrDefault(),
                    options.socketOptions(ip.family()));
            SipReport report = ask(loop.vertx(), plan, taps, console);
            refuseSilence(ip, report);
            int exit = exitOf(report);
            console.print(
                    options.json
                            ? SipJsonReport.of(ip, report, exit)
                            : SipTextReport.of(ip, report, options.verbosity(), options.quiet));
            return exit;
        }
    }

    private static SipReport ask(Vertx vertx, SipProbe.Plan plan, PacketTap tap, Console console)
            throws NetworkException {
        boolean tcp = plan.transports().contains(SipTransport.TCP);
        Duration udp = plan.schedule().giveUpAfter();
        // A connection, and an answer on it.
        Duration expected = tcp ? plan.timeout().multipliedBy(2).plus(udp) : udp;
        try (Progress progress = console.progress()) {
            progress.waitFor("answers to SIP of " + plan.server(), expected);
            return Waiting.atMost(expected.plus(GRACE), "asking " + plan.server(), SipProbe.run(vertx, plan, tap));
        }
    }

    private List<Integer> ports(ServerArgument argument) {
        if (argument.secure()) {
            throw new UsageException("server '" + argument.text() + "': no ALG reads TLS; give host or a stun: URI");
        }
        List<Integer> wanted = ports.isEmpty() ? List.of(SIP_PORT, argument.port()) : ports;
        for (int port : wanted) {
            if (port < 1 || port > 0xFFFF) {
                throw new UsageException("--port " + port + ": there is no such port; give 1 to 65535");
            }
        }
        List<Integer> distinct = wanted.stream().distinct().toList();
        if (distinct.size() > MAX_PORTS) {
            throw new UsageException("--port: " + distinct.size() + " ports are too many; give at most " + MAX_PORTS);
        }
        return distinct;
    }

    private List<SipTransport> transports() {
        if (options.transport == null) {
            return List.of(SipTransport.values());
        }
        return switch (options.transport) {
            case UDP -> List.of(SipTransport.UDP);
            case TCP -> List.of(SipTransport.TCP);
            case TLS -> throw new UsageException("--transport tls: no ALG reads TLS; give udp or tcp");
        };
    }

    private static int exitOf(SipReport report) {
        return switch (report.verdict()) {
            case NONE, HELPFUL -> ExitCode.DIRECT;
            case BREAKING -> ExitCode.UDP_BLOCKED;
            case UNKNOWN -> ExitCode.INCONCLUSIVE;
        };
    }

    private static void refuseSilence(IpAddress ip, SipReport report) throws NetworkException {
        if (report.isAnswered()) {
            return;
        }
        String ports = report.ports().stream().map(String::valueOf).collect(Collectors.joining(" and "));
        boolean alive = !report.mapped().isEmpty()
                || report.attempts().stream()
                        .anyMatch(attempt -> attempt.transport() == SipTransport.TCP
                                && attempt.outcome() != SipAttempt.Outcome.NOT_CONNECTED);
        throw new NetworkException.TimedOut(
                alive
                        ? ip + " is there, but gives no answer to SIP at port " + ports
                                + ": needs a server with --sip-reflector"
                        : "no answer from " + ip + " at port " + ports
                                + ": check the address; needs a server with --sip-reflector that listens there",
                null);
    }
}
