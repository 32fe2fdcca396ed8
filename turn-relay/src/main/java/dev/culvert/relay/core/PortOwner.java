package dev.culvert.relay.core;

import dev.culvert.server.core.SourceAddress;
import org.jspecify.annotations.Nullable;

/** Whose a relay port is: one allocation's, or that of several. Owned by one thread. */
sealed interface PortOwner permits Relay, SharedPort {
    /** The relayed address that a packet from {@code peer} is for; null where nobody can tell. Allocates nothing. */
    @Nullable
    Relay relayOf(SourceAddress peer, long nowNanos);
}
