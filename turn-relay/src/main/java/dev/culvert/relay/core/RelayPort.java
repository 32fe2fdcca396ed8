package dev.culvert.relay.core;

import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A bound socket on which allocations talk to their peers. A shell extends it by the socket itself, so that a route
 * leads to the socket without a look-up. Owned by the thread that started it with {@link RelayOutput#startRelay}.
 */
public abstract class RelayPort {
    /** Whose it is; null before it is somebody's and after it is closed. */
    @Nullable
    PortOwner owner;

    /** For subclasses. */
    protected RelayPort() {}

    /** The transport address that the socket is bound to. */
    public abstract TransportAddress local();
}
