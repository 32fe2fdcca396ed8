package dev.culvert.ice.vertx;

import dev.culvert.ice.turn.AllocateOptions;
import dev.culvert.ice.turn.TurnEvent;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a {@link TurnConnection} is opened.
 *
 * @param allocate what is asked for
 * @param local the local end; with TCP and TLS only its address counts
 * @param timeout how long the server may take to accept the connection, and again to grant the allocation
 * @param events learns every step of the TURN client, on the event loop; called before the future of the step completes
 * @param tap sees every message, on the event loop
 */
public record TurnOptions(
        AllocateOptions allocate, SocketOptions local, Duration timeout, Consumer<TurnEvent> events, PacketTap tap) {
    private static final TurnOptions DEFAULTS = new TurnOptions(
            AllocateOptions.defaults(), SocketOptions.ANY, Duration.ofSeconds(10), event -> {}, PacketTap.NONE);

    public TurnOptions {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a timeout is at least 1 ms, not " + timeout);
        }
    }

    /** One IPv4 address from any local port, within ten seconds; nobody looks on. */
    public static TurnOptions defaults() {
        return DEFAULTS;
    }

    public TurnOptions withAllocate(AllocateOptions wanted) {
        return new TurnOptions(wanted, local, timeout, events, tap);
    }

    public TurnOptions withLocal(SocketOptions wanted) {
        return new TurnOptions(allocate, wanted, timeout, events, tap);
    }

    public TurnOptions withTimeout(Duration wanted) {
        return new TurnOptions(allocate, local, wanted, events, tap);
    }

    public TurnOptions withEvents(Consumer<TurnEvent> observer) {
        return new TurnOptions(allocate, local, timeout, observer, tap);
    }

    public TurnOptions withTap(PacketTap observer) {
        return new TurnOptions(allocate, local, timeout, events, observer);
    }
}
