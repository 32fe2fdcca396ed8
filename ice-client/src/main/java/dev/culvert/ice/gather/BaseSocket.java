package dev.culvert.ice.gather;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.TransportAddress;
import java.util.HashMap;
import java.util.Map;

/** A socket of this host for one component. Mutable, owned by one thread. */
final class BaseSocket {
    private final SocketId id;
    private final LocalBase base;
    private final int component;
    private final long openedNanos;
    /** Who has an allocation on this socket, by the server's address: there can be one for each. */
    final Map<TransportAddress, RelayTask> flows = new HashMap<>();

    State state = State.BINDING;
    /** Its port; before it is bound, the one that is tried. */
    int port;

    int attempts;

    enum State {
        BINDING,
        BOUND,
        FAILED
    }

    BaseSocket(SocketId id, LocalBase base, int component, long openedNanos) {
        this.id = id;
        this.base = base;
        this.component = component;
        this.openedNanos = openedNanos;
    }

    SocketId id() {
        return id;
    }

    LocalBase base() {
        return base;
    }

    int component() {
        return component;
    }

    long openedNanos() {
        return openedNanos;
    }

    boolean isBound() {
        return state == State.BOUND;
    }

    TransportAddress local() {
        return new TransportAddress(base.ip(), port);
    }
}
