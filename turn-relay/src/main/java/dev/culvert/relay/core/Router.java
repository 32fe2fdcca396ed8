package dev.culvert.relay.core;

import dev.culvert.server.core.Counters;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** Finds the way of application data, and counts what it finds one for. Allocates nothing. Owned by one thread. */
final class Router {
    private final Allocations allocations;
    private final Peers peers;
    private final Counters<RelayCounter> counters;

    Router(Allocations allocations, Peers peers, Counters<RelayCounter> counters) {
        this.allocations = allocations;
        this.peers = peers;
        this.counters = counters;
    }

    /** See {@link TurnServer#routeToPeer}. */
    @Nullable
    ChannelBinding routeToPeer(int endpoint, SourceAddress client, int channel, int lengthBytes, long nowNanos) {
        ChannelBinding binding = allocations.channel(endpoint, client, channel);
        // RFC 8656 §12.6: on a channel that is not bound they are discarded. Neither channel nor permission is
        // refreshed.
        if (binding == null || !isOpen(binding, nowNanos)) {
            counters.increment(RelayCounter.CHANNEL_DATA_DISCARDED);
            return null;
        }
        if (!admitsToPeer(binding.permission.relay.allocation, lengthBytes, nowNanos)) {
            return null;
        }
        counters.increment(RelayCounter.CHANNEL_DATA_TO_PEERS);
        return binding;
    }

    /** Whether the limits let data of a client pass; then they count as relayed. */
    boolean admitsToPeer(Allocation allocation, int lengthBytes, long nowNanos) {
        if (!allocation.share.admits(lengthBytes, nowNanos, counters)) {
            return false;
        }
        counters.add(RelayCounter.BYTES_TO_PEERS, lengthBytes);
        allocation.bytesToPeers += lengthBytes;
        allocation.packetsToPeers++;
        return true;
    }

    private boolean isOpen(ChannelBinding binding, long nowNanos) {
        return binding.isLive(nowNanos)
                && binding.permission.relay.isLive(nowNanos)
                && (!binding.asksPolicy || peers.allows(binding.peer()));
    }

    /** See {@link TurnServer#hairpin}. */
    @Nullable
    RelayPort hairpin(ChannelBinding binding) {
        return binding.asksPolicy ? hairpin(binding.peer()) : null;
    }

    /** The relay port that data to {@code peer}, who is allowed, arrive at without a network between; null for none. */
    @Nullable
    RelayPort hairpin(TransportAddress peer) {
        RelayPort near = allocations.told().find(peer);
        if (near != null) {
            counters.increment(RelayCounter.HAIRPINNED);
        }
        return near;
    }

    /** See {@link TurnServer#routeToClient}. */
    @Nullable
    Route routeToClient(RelayPort port, SourceAddress peer, int lengthBytes, long nowNanos) {
        PortOwner owner = port.owner;
        Relay relay = owner == null ? null : owner.relayOf(peer, nowNanos);
        Route route = relay == null ? null : route(relay, peer, nowNanos);
        if (relay == null || route == null) {
            counters.increment(RelayCounter.PEER_PACKETS_DISCARDED);
            return null;
        }
        if (!relay.allocation.share.admits(lengthBytes, nowNanos, counters)) {
            return null;
        }
        counters.increment(RelayCounter.PACKETS_TO_CLIENTS);
        counters.add(RelayCounter.BYTES_TO_CLIENTS, lengthBytes);
        relay.allocation.bytesToClient += lengthBytes;
        relay.allocation.packetsToClient++;
        return route;
    }

    private @Nullable Route route(Relay relay, SourceAddress peer, long nowNanos) {
        if (!relay.isLive(nowNanos)) {
            return null;
        }
        ChannelBinding binding = relay.channel(peer);
        // RFC 8656 §11.3, §12.5: where a channel is bound to the peer, ChannelData must be used.
        if (binding != null && isOpen(binding, nowNanos)) {
            // RFC 8656 §9: the peer's address must have a permission, channel or not.
            return binding.permission.isLive(nowNanos) ? binding : null;
        }
        Permission permission = relay.permission(peer);
        if (permission == null || !permission.isLive(nowNanos)) {
            return null;
        }
        return peers.allows(permission.peer, peer.port()) ? permission : null;
    }

    /** See {@link TurnServer#routeIcmp}. */
    @Nullable
    Route routeIcmp(RelayPort port, SourceAddress destination, int icmpType, long nowNanos) {
        PortOwner owner = port.owner;
        Relay relay = owner == null ? null : owner.relayOf(destination, nowNanos);
        // RFC 8656 §11.5: where the packet went is compared with the permissions, without its port, and not who says
        // so.
        Permission permission = relay == null || !relay.isLive(nowNanos) ? null : relay.permission(destination);
        if (permission == null
                || !permission.isLive(nowNanos)
                || !IcmpIndication.isFor(destination.isIpv4(), icmpType)) {
            counters.increment(RelayCounter.ICMP_DISCARDED);
            return null;
        }
        if (!permission.relay.allocation.share.admits(IcmpIndication.MAX_LENGTH, nowNanos, counters)) {
            return null;
        }
        counters.increment(RelayCounter.ICMP_TO_CLIENTS);
        return permission;
    }
}
