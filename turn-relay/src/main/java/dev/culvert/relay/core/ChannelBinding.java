package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;

/** A channel that is bound to a peer (RFC 8656 §12): the route of ChannelData both ways. Owned by one thread. */
public final class ChannelBinding extends Timed implements Route {
    final Permission permission;
    private final int number;
    private final TransportAddress peer;

    /** Whether the peer is a relay port of this server, which may end before the channel does. */
    final boolean asksPolicy;

    ChannelBinding(Permission permission, int number, TransportAddress peer, boolean asksPolicy) {
        this.permission = permission;
        this.number = number;
        this.peer = peer;
        this.asksPolicy = asksPolicy;
    }

    @Override
    public FiveTuple client() {
        return permission.client();
    }

    @Override
    public ClientHandle handle() {
        return permission.handle();
    }

    @Override
    public int channel() {
        return number;
    }

    /** The socket from which the client's data leave. */
    public RelayPort relay() {
        return permission.relay.port;
    }

    /** Where the client's data come from, as its peers see it: its relayed transport address. Lent, not to be changed. */
    public SourceAddress source() {
        return permission.relay.source();
    }

    /** Where the client's data go. */
    public TransportAddress peer() {
        return peer;
    }

    @Override
    void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
        allocations.unbind(this, out);
    }
}
