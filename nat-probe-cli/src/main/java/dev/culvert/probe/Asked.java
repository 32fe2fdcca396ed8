package dev.culvert.probe;

import dev.culvert.ice.nat.MeasurementPlan;
import dev.culvert.ice.nat.ProbeServer;
import dev.culvert.ice.vertx.LocalAddresses;
import dev.culvert.ice.vertx.NetworkException;
import dev.culvert.ice.vertx.SocketOptions;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * The one server that a measurement asks over UDP, and from where.
 *
 * @param server who is asked
 * @param local the addresses of this host, the one from which the server is reached first
 * @param sockets how sockets are opened
 */
record Asked(ProbeServer server, List<IpAddress> local, SocketOptions sockets) {
    private static final int MAX_PORT = 0xFFFF;

    /**
     * Looks {@code text} up.
     *
     * @param command what it is asked for, for messages
     * @param socketCount how many sockets will be opened
     */
    static Asked of(Vertx vertx, String text, String command, int socketCount, CommonOptions options, Console console)
            throws NetworkException {
        check(command, socketCount, options);
        if (options.sourcePort != 0) {
            console.warn("--source-port " + options.sourcePort
                    + ": what an earlier run left in the NAT's table can change what is measured");
        }
        Targets targets = Targets.resolve(vertx, List.of(ServerArgument.parse(text)), options, console);
        targets.warnings().forEach(console::warn);
        ProbeServer server = targets.servers().get(0);
        SocketOptions sockets = options.socketOptions(targets.family());
        List<IpAddress> local = sockets.localAddress().isPresent()
                ? List.of(sockets.localAddress().get())
                : LocalAddresses.ofReach(LocalAddresses.routeTo(server.address()));
        return new Asked(server, local, sockets);
    }

    private static void check(String command, int socketCount, CommonOptions options) {
        options.check();
        if (options.transport != null && options.transport != Transport.UDP) {
            throw new UsageException("--transport " + options.transport.text() + ": " + command
                    + " is about UDP; give udp, or leave it out");
        }
        int highest = MAX_PORT - socketCount + 1;
        if (options.sourcePort > highest) {
            throw new UsageException("--source-port " + options.sourcePort + ": " + socketCount
                    + " ports from there on are needed; give 1 to " + highest);
        }
    }

    MeasurementPlan plan(CommonOptions options) {
        return new MeasurementPlan(server, local, options.schedule());
    }

    /** What is said where no answer came. */
    NetworkException silent(CommonOptions options) {
        return new NetworkException.TimedOut(
                "no answer from " + server.address() + " over UDP within "
                        + options.schedule().giveUpAfter().toMillis()
                        + " ms; check address and port, or run nat-probe " + server.name()
                        + " to see whether UDP is blocked",
                null);
    }
}
