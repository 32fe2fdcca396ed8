package dev.culvert.relay.core;

import dev.culvert.relay.core.RelayEvent.AllocationEnded;
import dev.culvert.relay.core.RelayEvent.ChannelBound;
import dev.culvert.relay.core.RelayEvent.ChannelEnded;
import dev.culvert.relay.core.RelayEvent.EndReason;
import dev.culvert.relay.policy.PeerPolicy;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The allocations of one event loop with their permissions and channels. Mutable, owned by one thread. */
final class Allocations {
    /** RFC 8656 §9: the Permission Lifetime is 300 seconds. */
    static final long PERMISSION_NANOS = 300_000_000_000L;

    /** RFC 8656 §12: a channel binding lasts for 10 minutes unless refreshed. */
    static final long CHANNEL_NANOS = 600_000_000_000L;

    private static final int NO_CHANNEL = 0;

    private final Ledger ledger;
    private final Counters<RelayCounter> counters;
    private final long seed;
    private final Timers timers = new Timers();
    private final Map<Endpoint, Integer> endpoints = new HashMap<>();
    private final ToldPorts told;
    /** How many there are of which kind. */
    final AllocationCensus census = new AllocationCensus();

    /** By client address, endpoint and port. */
    private final NumberTable<Allocation> byFlow;

    /** By client address, endpoint, port and channel number. */
    private final NumberTable<ChannelBinding> byChannel;

    /** Where clients reach the server. */
    private record Endpoint(Transport transport, TransportAddress local) {}

    Allocations(Ledger ledger, Counters<RelayCounter> counters, long seed) {
        this.ledger = ledger;
        this.counters = counters;
        this.seed = seed;
        this.told = new ToldPorts(seed);
        this.byFlow = new NumberTable<>(seed);
        this.byChannel = new NumberTable<>(seed);
    }

    /** The small number that stands for an address of the server; the same every time. */
    int endpoint(Transport transport, TransportAddress local) {
        return endpoints.computeIfAbsent(new Endpoint(transport, local), unused -> endpoints.size());
    }

    private int endpoint(FiveTuple flow) {
        return endpoint(flow.transport(), flow.local());
    }

    private static long key(int endpoint, int clientPort, int channel) {
        return (long) endpoint << 32 | (long) clientPort << 16 | channel;
    }

    int size() {
        return byFlow.size();
    }

    List<Allocation> all() {
        return byFlow.values();
    }

    /** The relay ports that are peers without a network between. */
    ToldPorts told() {
        return told;
    }

    @Nullable
    Allocation find(int endpoint, SourceAddress client) {
        return byFlow.get(client.high(), client.low(), key(endpoint, client.port(), NO_CHANNEL));
    }

    @Nullable
    Allocation find(FiveTuple flow) {
        TransportAddress client = flow.remote();
        return byFlow.get(client.ip().high(), client.ip().low(), key(endpoint(flow), client.port(), NO_CHANNEL));
    }

    @Nullable
    ChannelBinding channel(int endpoint, SourceAddress client, int channel) {
        return byChannel.get(client.high(), client.low(), key(endpoint, client.port(), channel));
    }

    @Nullable
    ChannelBinding channel(FiveTuple flow, int channel) {
        TransportAddress client = flow.remote();
        return byChannel.get(client.ip().high(), client.ip().low(), key(endpoint(flow), client.port(), channel));
    }

    void add(Allocation allocation) {
        counters.increment(RelayCounter.ALLOCATIONS_MADE);
        census.enter(allocation.flow.transport(), allocation.state());
        TransportAddress client = allocation.flow.remote();
        byFlow.put(
                client.ip().high(),
                client.ip().low(),
                key(endpoint(allocation.flow), client.port(), NO_CHANNEL),
                allocation);
    }

    /** Lets a bound socket relay for {@code allocation}. */
    Relay addRelay(Allocation allocation, RelayPort port, RelayAddress address, long untilNanos, RelayOutput out) {
        Relay relay = new Relay(allocation, port, address, seed);
        allocation.relays.add(relay);
        timers.schedule(relay, untilNanos);
        boolean isFirst = relay.shared == null || relay.shared.relays() == 0;
        if (relay.shared == null) {
            port.owner = relay;
        } else {
            relay.shared.enter(allocation);
        }
        if (isFirst) {
            ledger.setLive(address, port.local().port(), true);
            told.add(address, port);
            out.startRelay(port);
        }
        return relay;
    }

    void refresh(Timed timed, long untilNanos) {
        timers.schedule(timed, untilNanos);
    }

    /** Installs or refreshes a permission (RFC 8656 §9). */
    Permission permit(Relay relay, IpAddress peer, long nowNanos) {
        Permission existing = relay.permission(peer);
        Permission permission = existing == null ? relay.addPermission(peer) : existing;
        timers.schedule(permission, nowNanos + PERMISSION_NANOS);
        relay.permitted(permission);
        return permission;
    }

    void bind(ChannelBinding binding, long nowNanos, RelayOutput out) {
        FiveTuple flow = binding.client();
        TransportAddress client = flow.remote();
        byChannel.put(
                client.ip().high(), client.ip().low(), key(endpoint(flow), client.port(), binding.channel()), binding);
        binding.permission.relay.add(binding);
        refresh(binding, nowNanos);
        out.onEvent(new ChannelBound(binding));
    }

    void refresh(ChannelBinding binding, long nowNanos) {
        timers.schedule(binding, nowNanos + CHANNEL_NANOS);
    }

    void unbind(ChannelBinding binding, RelayOutput out) {
        FiveTuple flow = binding.client();
        TransportAddress client = flow.remote();
        timers.cancel(binding);
        byChannel.remove(client.ip().high(), client.ip().low(), key(endpoint(flow), client.port(), binding.channel()));
        binding.permission.relay.remove(binding);
        out.onEvent(new ChannelEnded(binding));
    }

    /** Ends a permission before its time, and the channels on it. */
    void revoke(Permission permission, RelayOutput out) {
        for (ChannelBinding binding : permission.relay.bindings()) {
            if (binding.permission == permission) {
                unbind(binding, out);
            }
        }
        timers.cancel(permission);
        permission.relay.ended(permission);
    }

    /** Ends whatever {@code policy} does not allow. */
    void enforce(PeerPolicy policy, RelayOutput out) {
        for (Allocation allocation : all()) {
            for (Relay relay : allocation.relays) {
                for (ChannelBinding binding : relay.bindings()) {
                    if (!policy.allows(binding.peer())) {
                        unbind(binding, out);
                    }
                }
                for (Permission permission : relay.permissions.values()) {
                    if (!policy.decide(permission.peer).isAllowed()) {
                        revoke(permission, out);
                    }
                }
            }
        }
    }

    /** Ends all of an allocation. */
    void end(Allocation allocation, EndReason reason, long nowNanos, RelayOutput out) {
        for (Relay relay : new ArrayList<>(allocation.relays)) {
            end(relay, reason, nowNanos, out);
        }
    }

    /** Ends one relayed address, and its allocation if that was the last one. */
    void end(Relay relay, EndReason reason, long nowNanos, RelayOutput out) {
        Allocation allocation = relay.allocation;
        timers.cancel(relay);
        relay.bindings().forEach(binding -> unbind(binding, out));
        // RFC 8656 §8.1: permissions and channels of the other family are not touched.
        relay.permissions.values().forEach(permission -> revoke(permission, out));
        allocation.relays.remove(relay);
        leave(relay, out);
        if (allocation.relays.isEmpty()) {
            forget(allocation, reason, nowNanos, out);
        }
    }

    private void leave(Relay relay, RelayOutput out) {
        if (relay.shared != null) {
            relay.shared.leave(relay.allocation);
        }
        if (relay.shared == null || relay.shared.relays() == 0) {
            relay.port.owner = null;
            told.remove(relay.address, relay.port);
            close(relay.port, relay.address, out);
        }
    }

    private void forget(Allocation allocation, EndReason reason, long nowNanos, RelayOutput out) {
        TransportAddress client = allocation.flow.remote();
        byFlow.remove(client.ip().high(), client.ip().low(), key(endpoint(allocation.flow), client.port(), NO_CHANNEL));
        if (allocation.report != null) {
            timers.cancel(allocation.report);
        }
        ledger.leave(allocation.owner.userId());
        counters.increment(RelayCounter.ALLOCATIONS_ENDED);
        census.leave(allocation.flow.transport(), allocation.state());
        out.onEvent(new AllocationEnded(
                allocation.id,
                allocation.flow,
                allocation.owner.username(),
                allocation.owner.userId(),
                allocation.told,
                reason,
                allocation.traffic(),
                nowNanos - allocation.createdNanos));
    }

    /** The socket goes before its port is anybody's again. */
    private void close(RelayPort port, RelayAddress address, RelayOutput out) {
        int number = port.local().port();
        ledger.setLive(address, number, false);
        out.closeRelay(port);
        ledger.giveBack(address, number);
    }

    void reserve(Reservation reservation) {
        ledger.reserve(reservation);
        timers.schedule(new ReservationTimer(reservation), reservation.untilNanos());
    }

    void giveUp(Reservation reservation, RelayOutput out) {
        if (ledger.giveUp(reservation)) {
            close(reservation.port(), reservation.address(), out);
        }
    }

    /** Ends all whose time has come. */
    void expire(long nowNanos, RelayOutput out) {
        for (Timed due = timers.poll(nowNanos); due != null; due = timers.poll(nowNanos)) {
            due.onExpiry(this, nowNanos, out);
        }
    }

    /** Ends all allocations, and the reservations that were made here. */
    void endAll(EndReason reason, long nowNanos, RelayOutput out) {
        all().forEach(allocation -> end(allocation, reason, nowNanos, out));
        for (Timed left = timers.pollEarly(); left != null; left = timers.pollEarly()) {
            left.onExpiry(this, nowNanos, out);
        }
    }

    OptionalLong nextDeadlineNanos() {
        return timers.nextDeadlineNanos();
    }

    /** How many timers run; 0 where nothing is left behind. */
    int timers() {
        return timers.size();
    }
}
