package dev.culvert.ice.vertx;

import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a {@link TurnConnection} is opened.
 *
 * @param allocate what is asked for
 * @param local the local end; with TCP and TLS only its address counts
 * @param timeout how long the server may take to accept the connection, and again to grant the allocation
 * @param events learns every step of the TURN client, on the event loop; called before the future of the step completes
 * @param tap sees every message, on the event loop
 * @param keepalive how often something is sent to the server whatever else is sent, for NATs that forget an idle flow
 *     sooner than every four minutes, some after 30 seconds; zero for never
 * @param transports what may carry a flow to the server where the URI leaves it open, in the order of preference
 * @param trust with TLS, which certificates are accepted; a URI and a redirection name the server in it
 */
public record TurnOptions(
        AllocateOptions allocate,
        SocketOptions local,
        Duration timeout,
        Consumer<TurnEvent> events,
        PacketTap tap,
        Duration keepalive,
        List<ServerTransport> transports,
        StreamBinding.Trust trust) {
    private static final TurnOptions DEFAULTS = new TurnOptions(
            AllocateOptions.defaults(),
            SocketOptions.ANY,
            Duration.ofSeconds(10),
            event -> {},
            PacketTap.NONE,
            Duration.ZERO,
            List.of(ServerTransport.values()),
            new StreamBinding.Trust(false, "", ""));

    public TurnOptions {
        transports = List.copyOf(transports);
        if (keepalive.isNegative()) {
            throw new IllegalArgumentException("a keepalive interval is not negative: " + keepalive);
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a timeout is at least 1 ms, not " + timeout);
        }
    }

    /** One IPv4 address from any local port, within ten seconds; nobody looks on. */
    public static TurnOptions defaults() {
        return DEFAULTS;
    }

    public TurnOptions withAllocate(AllocateOptions wanted) {
        return new TurnOptions(wanted, local, timeout, events, tap, keepalive, transports, trust);
    }

    public TurnOptions withLocal(SocketOptions wanted) {
        return new TurnOptions(allocate, wanted, timeout, events, tap, keepalive, transports, trust);
    }

    public TurnOptions withTimeout(Duration wanted) {
        return new TurnOptions(allocate, local, wanted, events, tap, keepalive, transports, trust);
    }

    public TurnOptions withEvents(Consumer<TurnEvent> observer) {
        return new TurnOptions(allocate, local, timeout, observer, tap, keepalive, transports, trust);
    }

    public TurnOptions withTap(PacketTap observer) {
        return new TurnOptions(allocate, local, timeout, events, observer, keepalive, transports, trust);
    }

    public TurnOptions withKeepalive(Duration wanted) {
        return new TurnOptions(allocate, local, timeout, events, tap, wanted, transports, trust);
    }

    public TurnOptions withTransports(List<ServerTransport> wanted) {
        return new TurnOptions(allocate, local, timeout, events, tap, keepalive, wanted, trust);
    }

    public TurnOptions withTrust(StreamBinding.Trust wanted) {
        return new TurnOptions(allocate, local, timeout, events, tap, keepalive, transports, wanted);
    }
}
