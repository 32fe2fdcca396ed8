package dev.culvert.probe;

import dev.culvert.ice.RetransmissionSchedule;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that every measuring command knows. Filled by picocli. */
final class CommonOptions {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** Leaves room for the further sockets of a discovery. */
    private static final int MAX_SOURCE_PORT = 65_500;

    @ArgGroup(exclusive = true)
    @Nullable
    Family family;

    @Option(names = "--interface", paramLabel = "IF|IP", description = "Send from this interface or local address.")
    @Nullable
    String networkInterface;

    @Option(
            names = "--source-port",
            paramLabel = "N",
            description =
                    "First local port; further sockets take the next ones. A second run from the same ports meets "
                            + "what the first one left in the NAT's table.")
    int sourcePort;

    @Option(
            names = "--transport",
            paramLabel = "udp|tcp|tls",
            description = "What carries the requests (default: udp; of a stuns: URI, tls).")
    @Nullable
    Transport transport;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Longest wait for a name, a connection or an answer (default: 5s).")
    @Nullable
    Duration timeout;

    @Option(
            names = "--patient",
            description = "Repeat requests as RFC 8489 says (7 sends, 39.5 s) in place of a burst of five.")
    boolean patient;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Option(names = "--quiet", description = "Print less.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the evidence; -vv every message.")
    boolean @Nullable [] verbose;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Write what was sent and received to FILE.")
    @Nullable
    Path pcap;

    static final class Family {
        @Option(
                names = {"-4", "--ipv4"},
                description = "Use IPv4.")
        boolean ipv4;

        @Option(
                names = {"-6", "--ipv6"},
                description = "Use IPv6.")
        boolean ipv6;
    }

    /** The address family that was asked for; empty for any. */
    Optional<AddressFamily> addressFamily() {
        if (family == null) {
            return Optional.empty();
        }
        return Optional.of(family.ipv6 ? AddressFamily.IPV6 : AddressFamily.IPV4);
    }

    int verbosity() {
        return verbose == null ? 0 : verbose.length;
    }

    Duration timeoutOrDefault() {
        return timeout == null ? DEFAULT_TIMEOUT : timeout;
    }

    RetransmissionSchedule schedule() {
        RetransmissionSchedule schedule = patient ? RetransmissionSchedule.standard() : RetransmissionSchedule.probe();
        return timeout == null ? schedule : schedule.within(timeout);
    }

    /** Refuses what picocli does not. */
    void check() {
        if (sourcePort < 0 || sourcePort > MAX_SOURCE_PORT) {
            throw new UsageException("--source-port " + sourcePort
                    + ": the ports from there on do not all exist; give 1 to " + MAX_SOURCE_PORT);
        }
    }

    /** How sockets of {@code used} are opened. */
    SocketOptions socketOptions(AddressFamily used) {
        return new SocketOptions(localAddress(used), sourcePort);
    }

    /** The address to send from; empty where none was asked for. */
    Optional<IpAddress> localAddress(AddressFamily used) {
        String wanted = networkInterface;
        if (wanted == null) {
            return Optional.empty();
        }
        List<IpAddress> candidates =
                IpAddress.parse(wanted).map(List::of).orElseGet(() -> LocalAddresses.ofInterface(wanted));
        Optional<IpAddress> address = candidates.stream()
                .filter(ip -> ip.family() == used && !isLinkLocal(ip))
                .findFirst();
        if (address.isEmpty()) {
            throw new UsageException("--interface " + wanted + ": no interface or address with "
                    + (used == AddressFamily.IPV4 ? "IPv4" : "IPv6") + "; give a name or address that this host has");
        }
        return address;
    }

    private static boolean isLinkLocal(IpAddress ip) {
        return ip.toInetAddress().isLinkLocalAddress();
    }
}
