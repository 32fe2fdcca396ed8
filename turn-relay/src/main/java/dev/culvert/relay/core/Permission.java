package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A peer's address that may send to the client (RFC 8656 §9). Mutable, owned by one thread.
 *
 * <p>One on which channels hang stays after its time is over, dead, so that a later request brings it back for them.
 */
public final class Permission extends Timed implements Route {
    final Relay relay;
    final IpAddress peer;

    /** The channels that are bound to this address. */
    int channels;

    /** Those around it on a {@link SharedPort}, which alone writes these. */
    @Nullable
    Permission nextOnPort;

    @Nullable
    Permission previousOnPort;

    boolean isListed;

    SharedPort.@Nullable Flow flows;

    private @Nullable TransportAddress latest;

    Permission(Relay relay, IpAddress peer) {
        this.relay = relay;
        this.peer = peer;
    }

    /** The peer at {@code port}; the same object while the port stays the same. */
    TransportAddress at(int port) {
        TransportAddress known = latest;
        if (known == null || known.port() != port) {
            known = new TransportAddress(peer, port);
            latest = known;
        }
        return known;
    }

    @Override
    public FiveTuple client() {
        return relay.allocation.flow;
    }

    @Override
    public ClientHandle handle() {
        return relay.allocation.client;
    }

    @Override
    public int channel() {
        return NO_CHANNEL;
    }

    @Override
    void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
        relay.ended(this);
    }
}
