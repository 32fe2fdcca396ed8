package dev.culvert.relay.core;

import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.Answer.Success;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** ChannelBind (RFC 8656 §12.2). */
final class ChannelBindHandler implements AllocationHandler {
    private final Supplier<RelaySettings> settings;
    private final Allocations allocations;
    private final Peers peers;

    ChannelBindHandler(Supplier<RelaySettings> settings, Allocations allocations, Peers peers) {
        this.settings = settings;
        this.allocations = allocations;
        this.peers = peers;
    }

    @Override
    public Answer answer(Request request, Allocation allocation) {
        Optional<ChannelNumber> number = request.message().get(ChannelNumber.TYPE);
        Optional<XorPeerAddress> peer = request.message().get(XorPeerAddress.TYPE);
        // RFC 8656 §12.2: CHANNEL-NUMBER and XOR-PEER-ADDRESS are there, or 400.
        if (number.isEmpty() || peer.isEmpty()) {
            return ErrorReply.badRequest("CHANNEL-NUMBER or XOR-PEER-ADDRESS is missing");
        }
        return answer(request, allocation, number.get().number(), peer.get().address());
    }

    private Answer answer(Request request, Allocation allocation, int number, TransportAddress peer) {
        // RFC 8656 §12.2: the number is 0x4000 through 0x4FFF, or 400.
        if (number < ChannelData.MIN_NUMBER || number > settings.get().maxChannelNumber()) {
            return ErrorReply.badRequest("channel 0x%04X is not 0x%04X to 0x%04X"
                    .formatted(number, ChannelData.MIN_NUMBER, settings.get().maxChannelNumber()));
        }
        Relay relay = allocation.relay(peer.ip().family());
        ChannelBinding ofNumber = allocations.channel(request.flow(), number);
        ChannelBinding ofPeer = relay == null ? null : relay.channel(peer);
        // RFC 8656 §12.2: neither the number nor the peer is bound to another, or 400.
        if (ofNumber != ofPeer) {
            return ErrorReply.badRequest("the channel or the peer is bound to another");
        }
        // RFC 8656 §12.2: a family that the allocation does not have is a 443.
        if (relay == null) {
            return ErrorReply.of(
                    443,
                    RefusalReason.FAMILY,
                    "the allocation has no " + peer.ip().family() + " address");
        }
        // RFC 8656 §12.2: a peer that is not allowed is a 403.
        if (!peers.allows(peer)) {
            return ErrorReply.of(403, peers.refusal(peer));
        }
        // RFC 8656 §12.2: more than there is room for is a 508, a peer that a shared port has for another one likewise.
        Optional<Refusal> want = wantOfRoom(allocation, relay, peer, ofPeer);
        if (want.isPresent()) {
            return ErrorReply.of(508, want.get());
        }
        bind(request, relay, number, peer, ofPeer);
        return Success.of();
    }

    private Optional<Refusal> wantOfRoom(
            Allocation allocation, Relay relay, TransportAddress peer, @Nullable ChannelBinding existing) {
        if (relay.permission(peer.ip()) == null
                && allocation.permissions() >= settings.get().maxPermissions()) {
            return Optional.of(new Refusal(
                    RefusalReason.PERMISSIONS,
                    "the allocation has " + allocation.permissions() + " permissions, --max-permissions"));
        }
        if (existing == null && allocation.channels() >= settings.get().maxChannels()) {
            return Optional.of(new Refusal(
                    RefusalReason.CHANNELS,
                    "the allocation has " + allocation.channels() + " channels, --max-channels"));
        }
        return relay.shared != null && relay.shared.isTaken(peer, relay)
                ? Optional.of(new Refusal(
                        RefusalReason.PEER_TAKEN, "the peer is another allocation's on the same shared relay port"))
                : Optional.empty();
    }

    private void bind(
            Request request, Relay relay, int number, TransportAddress peer, @Nullable ChannelBinding existing) {
        // RFC 8656 §12.2: the permission of the peer's address is installed or refreshed with it.
        Permission permission = allocations.permit(relay, peer.ip(), request.nowNanos());
        if (existing != null) {
            allocations.refresh(existing, request.nowNanos());
            return;
        }
        ChannelBinding binding = new ChannelBinding(permission, number, peer, peers.isOwnRelay(peer));
        allocations.bind(binding, request.nowNanos(), request.out());
    }
}
