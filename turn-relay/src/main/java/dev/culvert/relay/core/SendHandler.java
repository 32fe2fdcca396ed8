package dev.culvert.relay.core;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Send indications (RFC 8656 §11.2); what is wrong with one is nobody's to hear. */
final class SendHandler {
    private final Peers peers;
    private final Router router;
    private final Counters<RelayCounter> counters;
    private final SendIndication indication = new SendIndication();

    SendHandler(Peers peers, Router router, Counters<RelayCounter> counters) {
        this.peers = peers;
        this.router = router;
        this.counters = counters;
    }

    /** Sends the data of an indication to its peer, or discards it. Allocates nothing for a peer that comes again. */
    void handle(@Nullable Allocation allocation, StunMessage message, long nowNanos, RelayOutput out) {
        // RFC 8656 §5: without an allocation it is ignored. RFC 8489 §6.3.2: so is one with unknown
        // comprehension-required attributes; RFC 8656 §11.2 counts DONT-FRAGMENT among them where the DF bit cannot be
        // set.
        boolean isTaken = allocation != null
                && indication.read(message, out.canForbidFragments())
                && isTaken(allocation, message, nowNanos, out);
        if (!isTaken) {
            counters.increment(RelayCounter.SEND_DISCARDED);
        }
    }

    private boolean isTaken(Allocation allocation, StunMessage message, long nowNanos, RelayOutput out) {
        SourceAddress address = indication.peer();
        Relay relay = allocation.relay(indication.family());
        Permission permission = relay == null ? null : relay.permission(address);
        // RFC 8656 §11.2: there is a permission for the peer's address, which is not refreshed by this.
        if (relay == null || permission == null || !permission.isLive(nowNanos)) {
            return false;
        }
        // RFC 8656 §11.2: the peer's address and port are allowed.
        if (!peers.allows(permission.peer, address.port())) {
            return false;
        }
        TransportAddress peer = permission.at(address.port());
        SharedPort shared = relay.shared;
        if (shared == null) {
            relay(relay, message, peer, nowNanos, out);
        } else if (!shared.isTaken(peer, relay)) {
            shared.sentTo(permission, peer.port());
            relay(relay, message, peer, nowNanos, out);
        }
        return true;
    }

    private void relay(Relay relay, StunMessage message, TransportAddress peer, long nowNanos, RelayOutput out) {
        int lengthBytes = indication.dataLength(message);
        if (!router.admitsToPeer(relay.allocation, lengthBytes, nowNanos)) {
            return;
        }
        counters.increment(RelayCounter.SEND_INDICATIONS);
        int offset = indication.dataOffset();
        RelayPort near = router.hairpin(peer);
        if (near != null) {
            hairpin(relay, near, message.buffer(), offset, lengthBytes, nowNanos, out);
            return;
        }
        boolean dontFragment = indication.dontFragment() && heedsDontFragment(relay.allocation.flow, peer);
        out.sendToPeer(relay.port, peer, message.buffer(), offset, lengthBytes, dontFragment);
    }

    /** What is cut into no datagram is not fragmented either: DONT-FRAGMENT has nothing to say here. */
    private void hairpin(
            Relay from, RelayPort near, ByteBuffer bytes, int offset, int lengthBytes, long nowNanos, RelayOutput out) {
        Route route = router.routeToClient(near, from.source(), lengthBytes, nowNanos);
        if (route != null) {
            out.sendToClient(route, from.source(), bytes, offset, lengthBytes);
        }
    }

    /** RFC 8656 §13.1, §13.2, §13.3: between UDP datagrams of which one is IPv6, DONT-FRAGMENT is ignored. */
    private static boolean heedsDontFragment(FiveTuple flow, TransportAddress peer) {
        return flow.transport() != Transport.UDP
                || flow.remote().ip().isIpv4() && peer.ip().isIpv4();
    }
}
