package dev.culvert.relay.core;

import dev.culvert.server.core.Counters;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A relay port of several allocations, which are told apart by their peers: a packet is for the allocation that has a
 * channel to its source or has sent there, else for the only one that permits its source's IP address. Mutable, owned by
 * one thread.
 *
 * <p>All that it remembers hangs on permissions and channels, and ends with them.
 */
final class SharedPort implements PortOwner {
    /**
     * Peers of one allocation that are remembered for having been sent to. What is beyond is found by its permission
     * alone.
     */
    static final int MAX_FLOWS = 256;

    private static final int NO_PORT = 0;

    final RelayPort port;
    private final List<SharedPort> open;
    private final Counters<RelayCounter> counters;

    /** By the peer's transport address. */
    private final NumberTable<Flow> flows;

    /** By the peer's IP address: the first of a list of permissions that are linked to each other. */
    private final NumberTable<Permission> permitted;

    /** How many relays each user id and each client address has here. */
    private final Map<Object, Integer> guests = new HashMap<>();

    private int relays;

    /** A peer's transport address that is one allocation's alone. */
    static final class Flow {
        private final Permission permission;
        private final int peerPort;
        private @Nullable ChannelBinding channel;

        /** Another one of the same permission. */
        private @Nullable Flow next;

        private Flow(Permission permission, int peerPort) {
            this.permission = permission;
            this.peerPort = peerPort;
        }

        private boolean isLive(long nowNanos) {
            ChannelBinding bound = channel;
            return permission.relay.isLive(nowNanos)
                    && (permission.isLive(nowNanos) || bound != null && bound.isLive(nowNanos));
        }
    }

    /** @param open the ports to choose from; this one leaves them with its last allocation */
    SharedPort(RelayPort port, List<SharedPort> open, Counters<RelayCounter> counters, long seed) {
        this.port = port;
        this.open = open;
        this.counters = counters;
        this.flows = new NumberTable<>(seed);
        this.permitted = new NumberTable<>(seed);
    }

    /** How many relayed addresses are this port. */
    int relays() {
        return relays;
    }

    /** How many of them are the user's or the client address's, whose peers are most likely to be the same. */
    int relays(String userId, IpAddress client) {
        return guests.getOrDefault(userId, 0) + guests.getOrDefault(client, 0);
    }

    void enter(Allocation allocation) {
        relays++;
        guests.merge(allocation.owner.userId(), 1, Integer::sum);
        guests.merge(allocation.flow.remote().ip(), 1, Integer::sum);
    }

    /** Forgets one whose permissions and channels have ended before. */
    void leave(Allocation allocation) {
        relays--;
        guests.computeIfPresent(allocation.owner.userId(), SharedPort::oneLess);
        guests.computeIfPresent(allocation.flow.remote().ip(), SharedPort::oneLess);
        if (relays == 0) {
            open.remove(this);
        }
    }

    private static @Nullable Integer oneLess(Object guest, Integer count) {
        return count == 1 ? null : count - 1;
    }

    @Override
    public @Nullable Relay relayOf(SourceAddress peer, long nowNanos) {
        Flow flow = flows.get(peer.high(), peer.low(), peer.port());
        return flow != null && flow.isLive(nowNanos)
                ? flow.permission.relay
                : only(permitted.get(peer.high(), peer.low(), NO_PORT), nowNanos);
    }

    private @Nullable Relay only(@Nullable Permission first, long nowNanos) {
        Relay found = null;
        for (Permission permission = first; permission != null; permission = permission.nextOnPort) {
            if (!permission.isLive(nowNanos) || !permission.relay.isLive(nowNanos)) {
                continue;
            }
            if (found != null) {
                counters.increment(RelayCounter.PEER_PACKETS_AMBIGUOUS);
                return null;
            }
            found = permission.relay;
        }
        return found;
    }

    /** Whether packets from {@code peer} are another's than those of {@code relay}; counted where it is so. */
    boolean isTaken(TransportAddress peer, Relay relay) {
        Flow flow = flow(peer.ip(), peer.port());
        if (flow == null || flow.permission.relay == relay) {
            return false;
        }
        counters.increment(RelayCounter.PEER_COLLISIONS);
        return true;
    }

    private @Nullable Flow flow(IpAddress peer, int peerPort) {
        return flows.get(peer.high(), peer.low(), peerPort);
    }

    /** Notes that a client sends to a peer that is not taken, so that what comes from there is for this client. */
    void sentTo(Permission permission, int peerPort) {
        boolean isFull = permission.relay.allocation.flows >= MAX_FLOWS;
        if (!isFull && flow(permission.peer, peerPort) == null) {
            add(permission, peerPort);
        }
    }

    /** Notes a channel to a peer that is not taken. */
    void bound(ChannelBinding binding) {
        int peerPort = binding.peer().port();
        Flow existing = flow(binding.permission.peer, peerPort);
        Flow flow = existing == null ? add(binding.permission, peerPort) : existing;
        flow.channel = binding;
    }

    /** Takes the end of a channel; for as long as its permission lasts, its peer stays one that was sent to. */
    void unbound(ChannelBinding binding) {
        Flow flow = flow(binding.permission.peer, binding.peer().port());
        if (flow == null) {
            return;
        }
        flow.channel = null;
        if (!binding.permission.isListed) {
            drop(binding.permission);
        }
    }

    private Flow add(Permission permission, int peerPort) {
        Flow flow = new Flow(permission, peerPort);
        flow.next = permission.flows;
        permission.flows = flow;
        permission.relay.allocation.flows++;
        flows.put(permission.peer.high(), permission.peer.low(), peerPort, flow);
        return flow;
    }

    /** Forgets the peers of {@code permission} to which there is no channel. */
    private void drop(Permission permission) {
        Flow left = null;
        Flow flow = permission.flows;
        while (flow != null) {
            Flow next = flow.next;
            if (flow.channel == null) {
                flows.remove(permission.peer.high(), permission.peer.low(), flow.peerPort);
                permission.relay.allocation.flows--;
            } else {
                flow.next = left;
                left = flow;
            }
            flow = next;
        }
        permission.flows = left;
    }

    /** Takes a permission that was installed or refreshed. */
    void permitted(Permission permission) {
        if (permission.isListed) {
            return;
        }
        IpAddress peer = permission.peer;
        Permission first = permitted.get(peer.high(), peer.low(), NO_PORT);
        permission.nextOnPort = first;
        if (first != null) {
            first.previousOnPort = permission;
        }
        permission.isListed = true;
        permitted.put(peer.high(), peer.low(), NO_PORT, permission);
    }

    /** Takes a permission that has ended, be there a channel on it or not. */
    void ended(Permission permission) {
        if (!permission.isListed) {
            return;
        }
        IpAddress peer = permission.peer;
        Permission next = permission.nextOnPort;
        Permission previous = permission.previousOnPort;
        if (next != null) {
            next.previousOnPort = previous;
        }
        if (previous != null) {
            previous.nextOnPort = next;
        } else if (next != null) {
            permitted.put(peer.high(), peer.low(), NO_PORT, next);
        } else {
            permitted.remove(peer.high(), peer.low(), NO_PORT);
        }
        permission.nextOnPort = null;
        permission.previousOnPort = null;
        permission.isListed = false;
        drop(permission);
    }
}
