package dev.culvert.relay.core;

import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * One relayed transport address of an allocation, with its own time-to-expiry, permissions and channels (RFC 8656 §6).
 * Mutable, owned by one thread.
 */
final class Relay extends Timed implements PortOwner {
    private static final int NO_PORT = 0;

    final Allocation allocation;
    final RelayPort port;
    final RelayAddress address;

    /** Null where the port is its own. */
    final @Nullable SharedPort shared;

    /** By IP address. */
    final NumberTable<Permission> permissions;

    /** By transport address. */
    private final NumberTable<ChannelBinding> channels;

    /** Made for the first of its data that need no network. */
    private @Nullable SourceAddress source;

    Relay(Allocation allocation, RelayPort port, RelayAddress address, long seed) {
        this.allocation = allocation;
        this.port = port;
        this.address = address;
        this.shared = port.owner instanceof SharedPort several ? several : null;
        this.permissions = new NumberTable<>(seed);
        this.channels = new NumberTable<>(seed);
    }

    @Override
    public @Nullable Relay relayOf(SourceAddress peer, long nowNanos) {
        return this;
    }

    AddressFamily family() {
        return address.local().family();
    }

    /** What the client is told. */
    TransportAddress relayed() {
        return new TransportAddress(address.told(), port.local().port());
    }

    /** What peers see; the same object every time. */
    SourceAddress source() {
        SourceAddress made = source;
        if (made == null) {
            made = SourceAddress.of(relayed());
            source = made;
        }
        return made;
    }

    @Nullable
    Permission permission(IpAddress peer) {
        return permissions.get(peer.high(), peer.low(), NO_PORT);
    }

    @Nullable
    Permission permission(SourceAddress peer) {
        return permissions.get(peer.high(), peer.low(), NO_PORT);
    }

    Permission addPermission(IpAddress peer) {
        Permission permission = new Permission(this, peer);
        permissions.put(peer.high(), peer.low(), NO_PORT, permission);
        allocation.addPermissions(1);
        return permission;
    }

    /** Takes a permission that was installed or refreshed. */
    void permitted(Permission permission) {
        if (shared != null) {
            shared.permitted(permission);
        }
    }

    /** Takes a permission that has ended. */
    void ended(Permission permission) {
        if (shared != null) {
            shared.ended(permission);
        }
        forgetIfUnused(permission);
    }

    /** Drops a permission whose time is over unless a channel hangs on it. */
    private void forgetIfUnused(Permission permission) {
        boolean isUsed = permission.isScheduled() || permission.channels > 0;
        if (isUsed || permission(permission.peer) != permission) {
            return;
        }
        permissions.remove(permission.peer.high(), permission.peer.low(), NO_PORT);
        allocation.addPermissions(-1);
    }

    @Nullable
    ChannelBinding channel(TransportAddress peer) {
        return channels.get(peer.ip().high(), peer.ip().low(), peer.port());
    }

    @Nullable
    ChannelBinding channel(SourceAddress peer) {
        return channels.get(peer.high(), peer.low(), peer.port());
    }

    void add(ChannelBinding binding) {
        TransportAddress peer = binding.peer();
        channels.put(peer.ip().high(), peer.ip().low(), peer.port(), binding);
        binding.permission.channels++;
        if (shared != null) {
            shared.bound(binding);
        }
        allocation.addChannels(1);
    }

    void remove(ChannelBinding binding) {
        TransportAddress peer = binding.peer();
        channels.remove(peer.ip().high(), peer.ip().low(), peer.port());
        allocation.addChannels(-1);
        binding.permission.channels--;
        if (shared != null) {
            shared.unbound(binding);
        }
        forgetIfUnused(binding.permission);
    }

    Iterable<ChannelBinding> bindings() {
        return channels.values();
    }

    @Override
    void onExpiry(Allocations allocations, long nowNanos, RelayOutput out) {
        EndReason reason = allocation.hasLostCredential(nowNanos) ? EndReason.CREDENTIAL_EXPIRED : EndReason.EXPIRED;
        allocations.end(this, reason, nowNanos, out);
    }
}
