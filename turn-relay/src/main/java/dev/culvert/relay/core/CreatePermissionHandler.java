package dev.culvert.relay.core;

import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.Answer.Success;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/** CreatePermission (RFC 8656 §10.2): all peers of a request get their permission, or none does. */
final class CreatePermissionHandler implements AllocationHandler {
    private final Supplier<RelaySettings> settings;
    private final Allocations allocations;
    private final Peers peers;

    CreatePermissionHandler(Supplier<RelaySettings> settings, Allocations allocations, Peers peers) {
        this.settings = settings;
        this.allocations = allocations;
        this.peers = peers;
    }

    @Override
    public Answer answer(Request request, Allocation allocation) {
        Set<IpAddress> asked = new LinkedHashSet<>();
        // RFC 8656 §10.2: ports are ignored.
        request.message()
                .all(XorPeerAddress.TYPE)
                .forEach(peer -> asked.add(peer.address().ip()));
        // RFC 8656 §10.2: at least one XOR-PEER-ADDRESS, or 400.
        if (asked.isEmpty()) {
            return ErrorReply.badRequest("XOR-PEER-ADDRESS is missing");
        }
        int added = 0;
        for (IpAddress peer : asked) {
            Relay relay = allocation.relay(peer.family());
            // RFC 8656 §10.2: a family that the allocation does not have is a 443.
            if (relay == null) {
                return ErrorReply.of(443, RefusalReason.FAMILY, "the allocation has no " + peer.family() + " address");
            }
            // RFC 8656 §10.2: a peer that is not allowed is a 403.
            if (!peers.allows(peer)) {
                return ErrorReply.of(403, peers.refusal(peer));
            }
            added += relay.permission(peer) == null ? 1 : 0;
        }
        // RFC 8656 §10.2: more than there is room for is a 508.
        if (allocation.permissions() + added > settings.get().maxPermissions()) {
            return ErrorReply.of(
                    508,
                    RefusalReason.PERMISSIONS,
                    "the allocation has " + allocation.permissions() + " permissions, --max-permissions");
        }
        asked.forEach(peer -> permit(allocation, peer, request.nowNanos()));
        return Success.of();
    }

    private void permit(Allocation allocation, IpAddress peer, long nowNanos) {
        Relay relay = allocation.relay(peer.family());
        if (relay != null) {
            allocations.permit(relay, peer, nowNanos);
        }
    }
}
