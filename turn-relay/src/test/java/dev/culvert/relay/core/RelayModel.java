package dev.culvert.relay.core;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a relay must know of one client by RFC 8656, written down in the plainest way: times in whole seconds. */
final class RelayModel {
    static final int MAX_PERMISSIONS = 4;
    static final int MAX_CHANNELS = 3;

    /** Null where the client has no allocation. */
    @Nullable
    TransportAddress relayed;

    private long untilSeconds;
    private final Map<IpAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Bound> channels = new HashMap<>();

    private record Bound(TransportAddress peer, long untilSeconds) {}

    void expire(long now) {
        channels.values().removeIf(bound -> bound.untilSeconds() <= now);
        permissions.entrySet().removeIf(permission -> permission.getValue() <= now && !isUsed(permission.getKey()));
        if (relayed != null && untilSeconds <= now) {
            end();
        }
    }

    /** One on which a channel hangs counts in the cap though its time is over. */
    private boolean isUsed(IpAddress peer) {
        return channels.values().stream().anyMatch(bound -> bound.peer().ip().equals(peer));
    }

    void allocated(TransportAddress address, long until) {
        relayed = address;
        untilSeconds = until;
    }

    boolean hasAllocation() {
        return relayed != null;
    }

    int refresh(long lifetime, long now) {
        if (relayed == null) {
            return 437;
        }
        if (lifetime == 0) {
            end();
            return 0;
        }
        untilSeconds = now + Math.max(600, Math.min(3600, lifetime));
        return 0;
    }

    void end() {
        relayed = null;
        permissions.clear();
        channels.clear();
    }

    int permit(TransportAddress peer, boolean isAllowed, long now) {
        if (relayed == null) {
            return 437;
        }
        if (!isAllowed) {
            return 403;
        }
        if (!permissions.containsKey(peer.ip()) && permissions.size() >= MAX_PERMISSIONS) {
            return 508;
        }
        permissions.put(peer.ip(), now + 300);
        return 0;
    }

    int bind(int number, TransportAddress peer, boolean isAllowed, long now) {
        return bind(number, peer, isAllowed, false, now);
    }

    /** Where another allocation on the same port may have the peer. */
    int bind(int number, TransportAddress peer, boolean isAllowed, boolean isTaken, long now) {
        if (relayed == null) {
            return 437;
        }
        boolean isBound = channels.containsKey(number)
                || channels.values().stream().anyMatch(bound -> bound.peer().equals(peer));
        boolean isSame = channels.containsKey(number) && peer.equals(peerOf(number));
        if (number > 0x4FFF || isBound && !isSame) {
            return 400;
        }
        if (!isAllowed) {
            return 403;
        }
        if (isTaken || !isSame && channels.size() >= MAX_CHANNELS) {
            return 508;
        }
        int refusal = permit(peer, true, now);
        if (refusal == 0) {
            channels.put(number, new Bound(peer, now + 600));
        }
        return refusal;
    }

    /** Where ChannelData on {@code number} go; null for nowhere. */
    @Nullable
    TransportAddress peerOf(int number) {
        Bound bound = channels.get(number);
        return bound == null ? null : bound.peer();
    }

    boolean isBoundTo(TransportAddress peer) {
        return channels.values().stream().anyMatch(bound -> bound.peer().equals(peer));
    }

    boolean isPermitted(IpAddress peer, long now) {
        return permissions.getOrDefault(peer, now) > now;
    }

    /** The channel on which the client hears {@code peer}; 0 for a Data indication, -1 for not at all. */
    int heardOn(TransportAddress peer, long now) {
        if (relayed == null || !isPermitted(peer.ip(), now)) {
            return -1;
        }
        return channels.entrySet().stream()
                .filter(channel -> channel.getValue().peer().equals(peer))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }
}
