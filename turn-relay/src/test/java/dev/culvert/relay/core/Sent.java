package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;

/** What left a relay. */
sealed interface Sent {
    /** A message to a client. */
    record Reply(FiveTuple flow, byte[] bytes) implements Sent {}

    /** Data to a client, from another allocation of the same event loop. */
    record ToClient(FiveTuple flow, int channel, TransportAddress peer, String data) implements Sent {}

    /** A datagram to a peer. */
    record ToPeer(TransportAddress from, TransportAddress peer, String data, boolean dontFragment) implements Sent {}
}
