package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.StreamBinding;
import dev.culvert.ice.vertx.UdpBinding;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks one server for the public address. Filled and called by picocli. */
@Command(
        name = "bind",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the public address and port that SERVER sees, on one line, for scripts.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:SERVER has answered", "1:error", "2:usage"})
final class BindCommand implements Callable<Integer> {
    static final String SCHEMA = "culvert.nat-probe.bind/1";

    /** Room for closing and the like besides the wait for the answer. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Mixin
    CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "SERVER", description = "host[:port], stun: or stuns: URI.")
    String server = "";

    @Mixin
    Authorities authorities = new Authorities();

    private record Answer(StunMessage message, TransportAddress local) {}

    @Override
    public Integer call() throws NetworkException, IOException {
        options.check();
        Console console = new Console(spec.commandLine(), options);
        ServerArgument argument = ServerArgument.parse(server);
        Transport standard = argument.secure() ? Transport.TLS : Transport.UDP;
        Transport used = options.transport == null ? standard : options.transport;
        try (Taps taps = Taps.of(options, console);
                Loop loop = new Loop()) {
            Targets targets = Targets.resolve(loop.vertx(), List.of(argument), options, console);
            Targets.Target target = targets.targets().get(0);
            if (used != Transport.UDP && options.sourcePort != 0) {
                throw new UsageException("--source-port " + options.sourcePort + ": cannot be kept over " + used.text()
                        + "; leave it out, or give --transport udp");
            }
            int port = used == Transport.TLS ? argument.onlyTlsPort() : argument.port();
            TransportAddress asked = new TransportAddress(target.ip(), port);
            Answer answer;
            try (Progress progress = console.progress()) {
                progress.waitFor("an answer of " + asked, longestWait(used));
                answer = used == Transport.UDP
                        ? askUdp(loop.vertx(), asked, taps)
                        : askStream(loop.vertx(), argument, asked, used, taps);
            }
            TransportAddress mapped = mappedIn(answer.message(), asked);
            console.print(options.json ? json(used, asked, mapped, answer.local()) : mapped.toString());
            return ExitCode.DIRECT;
        }
    }

    /** Until there is no hope any more; over a stream, for the connection and the answer. */
    private Duration longestWait(Transport used) {
        return used == Transport.UDP
                ? options.schedule().giveUpAfter()
                : options.timeoutOrDefault().multipliedBy(2);
    }

    private Answer askUdp(Vertx vertx, TransportAddress asked, PacketTap tap) throws NetworkException {
        Future<UdpBinding.Answer> asking = UdpBinding.ask(
                vertx,
                asked,
                options.schedule(),
                options.socketOptions(asked.ip().family()),
                tap);
        Duration limit = options.schedule().giveUpAfter().plus(GRACE);
        UdpBinding.Answer answer = Waiting.atMost(limit, "asking " + asked, asking);
        return new Answer(answer.message(), answer.local());
    }

    private Answer askStream(
            Vertx vertx, ServerArgument argument, TransportAddress asked, Transport used, PacketTap tap)
            throws NetworkException {
        String name = IpAddress.parse(argument.host()).isPresent() ? "" : argument.host();
        Duration timeout = options.timeoutOrDefault();
        StreamBinding.Trust trust = new StreamBinding.Trust(false, name, authorities.file());
        StreamBinding.Options streamOptions = new StreamBinding.Options(
                used == Transport.TLS,
                trust,
                timeout,
                options.localAddress(asked.ip().family()));
        String what = used.text() + " to " + asked;
        Future<StreamBinding.Answer> asking = StreamBinding.ask(vertx, asked, streamOptions, tap)
                .compose(StreamBinding.Connected::answer)
                .recover(cause -> Future.failedFuture(new NetworkException.Unreachable(
                        what + ": " + innermost(cause) + "; check address, port and transport", cause)));
        StreamBinding.Answer answer = Waiting.atMost(timeout.multipliedBy(3).plus(GRACE), what, asking);
        return new Answer(answer.message(), answer.local());
    }

    /** The message that says most: that of the first cause of all. */
    private static String innermost(Throwable cause) {
        Throwable first = cause;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.getMessage() == null ? first.toString() : first.getMessage();
    }

    private static TransportAddress mappedIn(StunMessage message, TransportAddress asked) throws NetworkException {
        if (message.messageClass() != MessageClass.SUCCESS_RESPONSE) {
            Optional<ErrorCode> error = message.get(ErrorCode.TYPE);
            String code =
                    error.map(found -> found.code() + " " + found.reason()).orElse("without a code");
            throw new NetworkException.Unreachable(
                    asked + " refuses: error " + code + "; ask a server that answers everyone", null);
        }
        return message.get(XorMappedAddress.TYPE)
                .map(XorMappedAddress::address)
                .or(() -> message.get(MappedAddress.TYPE).map(MappedAddress::address))
                .orElseThrow(() -> new NetworkException.Unreachable(
                        asked + " answers without a mapped address; ask another server", null));
    }

    private static String json(
            Transport used, TransportAddress asked, TransportAddress mapped, TransportAddress local) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.set("external", JsonReport.address(mapped));
        root.set("local", JsonReport.address(local));
        root.put("server", asked.toString());
        root.put("transport", used.text());
        root.put("exit", ExitCode.DIRECT);
        return JsonReport.pretty(root);
    }
}
