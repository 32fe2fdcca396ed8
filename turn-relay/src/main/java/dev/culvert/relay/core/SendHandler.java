package dev.culvert.relay.core;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Send indications (RFC 8656 §11.2); what is wrong with one is nobody's to hear. */
final class SendHandler {
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;

    private final Allocations allocations;
    private final Peers peers;
    private final Router router;
    private final Counters<RelayCounter> counters;

    SendHandler(Allocations allocations, Peers peers, Router router, Counters<RelayCounter> counters) {
        this.allocations = allocations;
        this.peers = peers;
        this.router = router;
        this.counters = counters;
    }

    /** Sends the data of an indication to its peer, or discards it. */
    void handle(FiveTuple flow, StunMessage indication, long nowNanos, RelayOutput out) {
        if (!isTaken(flow, indication, nowNanos, out)) {
            counters.increment(RelayCounter.SEND_DISCARDED);
        }
    }

    private boolean isTaken(FiveTuple flow, StunMessage indication, long nowNanos, RelayOutput out) {
        Allocation allocation = allocations.find(flow);
        // RFC 8656 §5: without an allocation it is ignored.
        if (allocation == null) {
            return false;
        }
        // RFC 8489 §6.3.2: so is one with unknown comprehension-required attributes; RFC 8656 §11.2 counts
        // DONT-FRAGMENT among them where the DF bit cannot be set.
        if (RequestCheck.unknownAttributes(indication, out.canForbidFragments()).isPresent()) {
            return false;
        }
        Optional<XorPeerAddress> peer = indication.get(XorPeerAddress.TYPE);
        int data = indication.find(Data.TYPE.number());
        // RFC 8656 §11.2: XOR-PEER-ADDRESS and DATA are there and valid.
        if (peer.isEmpty() || data == StunMessage.ABSENT || RequestCheck.isUndecodable(indication)) {
            return false;
        }
        return isTaken(allocation, indication, peer.get().address(), data, nowNanos, out);
    }

    private boolean isTaken(
            Allocation allocation,
            StunMessage indication,
            TransportAddress peer,
            int data,
            long nowNanos,
            RelayOutput out) {
        Relay relay = allocation.relay(peer.ip().family());
        Permission permission = relay == null ? null : relay.permission(peer.ip());
        // RFC 8656 §11.2: there is a permission for the peer's address, which is not refreshed by this.
        if (relay == null || permission == null || !permission.isLive(nowNanos)) {
            return false;
        }
        // RFC 8656 §11.2: the peer's address and port are allowed.
        if (!peers.allows(peer)) {
            return false;
        }
        SharedPort shared = relay.shared;
        if (shared == null) {
            relay(relay, indication, peer, data, nowNanos, out);
        } else if (!shared.isTaken(peer, relay)) {
            shared.sentTo(permission, peer.port());
            relay(relay, indication, peer, data, nowNanos, out);
        }
        return true;
    }

    private void relay(
            Relay relay, StunMessage indication, TransportAddress peer, int data, long nowNanos, RelayOutput out) {
        int lengthBytes = indication.lengthAt(data);
        if (!router.admitsToPeer(relay.allocation, lengthBytes, nowNanos)) {
            return;
        }
        counters.increment(RelayCounter.SEND_INDICATIONS);
        int offset = data + ATTRIBUTE_HEADER_LENGTH;
        RelayPort near = router.hairpin(peer);
        if (near != null) {
            hairpin(relay, near, indication.buffer(), offset, lengthBytes, nowNanos, out);
            return;
        }
        boolean dontFragment = indication.has(DontFragment.TYPE) && heedsDontFragment(relay.allocation.flow, peer);
        out.sendToPeer(relay.port, peer, indication.buffer(), offset, lengthBytes, dontFragment);
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
