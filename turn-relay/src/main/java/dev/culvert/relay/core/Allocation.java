package dev.culvert.relay.core;

import dev.culvert.relay.auth.Credential;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client has from Allocate until its last relayed address ends (RFC 8656 §6). Mutable, owned by one thread. */
final class Allocation {
    final long id;
    final FiveTuple flow;
    final ClientHandle client;
    final Credential owner;
    final TransactionId createdBy;
    final Throttle.Share share;
    final long createdNanos;

    /** One, or two of different families. */
    final List<Relay> relays = new ArrayList<>(2);

    /** Its relayed transport addresses from the start, as the client was told them. */
    List<TransportAddress> told = List.of();

    /** Null where nobody asked how far it is. */
    @Nullable
    ReportTimer report;

    /** What else the success response held, for retransmissions: RESERVATION-TOKEN or ADDRESS-ERROR-CODE. */
    final List<Attribute> extras = new ArrayList<>(1);

    /** What {@link SharedPort}s remember of it. */
    int flows;

    long bytesToPeers;
    long packetsToPeers;
    long bytesToClient;
    long packetsToClient;

    private final AllocationCensus census;
    private final boolean endsWithCredential;
    private final long credentialUntilNanos;

    /** Those of all relays, for the caps. */
    private int permissions;

    private int channels;

    Allocation(
            long id,
            FiveTuple flow,
            ClientHandle client,
            Credential owner,
            TransactionId createdBy,
            Throttle.Share share,
            AllocationCensus census,
            long nowNanos,
            boolean endsWithCredential,
            long credentialUntilNanos) {
        this.id = id;
        this.flow = flow;
        this.client = client;
        this.owner = owner;
        this.createdBy = createdBy;
        this.share = share;
        this.census = census;
        this.createdNanos = nowNanos;
        this.endsWithCredential = endsWithCredential;
        this.credentialUntilNanos = credentialUntilNanos;
    }

    int permissions() {
        return permissions;
    }

    int channels() {
        return channels;
    }

    /** Has that many more permissions, or fewer. */
    void addPermissions(int more) {
        AllocationState before = state();
        permissions += more;
        move(before);
    }

    /** Has that many more channels, or fewer. */
    void addChannels(int more) {
        AllocationState before = state();
        channels += more;
        move(before);
    }

    private void move(AllocationState before) {
        census.leave(flow.transport(), before);
        census.enter(flow.transport(), state());
    }

    AllocationState state() {
        if (channels > 0) {
            return AllocationState.BOUND;
        }
        return permissions > 0 ? AllocationState.PERMITTED : AllocationState.IDLE;
    }

    Traffic traffic() {
        return new Traffic(bytesToPeers, packetsToPeers, bytesToClient, packetsToClient);
    }

    AllocationView view(long nowNanos) {
        long leftNanos = relays.stream()
                .mapToLong(relay -> relay.untilNanos() - nowNanos)
                .max()
                .orElse(0);
        return new AllocationView(
                id,
                flow,
                owner.username(),
                owner.userId(),
                relays.stream().map(Relay::relayed).toList(),
                nowNanos - createdNanos,
                Math.max(0, leftNanos),
                permissions,
                channels,
                traffic());
    }

    boolean isOwnedBy(Credential credential) {
        return owner.username().equals(credential.username());
    }

    @Nullable
    Relay relay(AddressFamily family) {
        for (Relay relay : relays) {
            if (relay.family() == family) {
                return relay;
            }
        }
        return null;
    }

    /** The end of a lifetime that begins now: that of the credential where it is earlier and counts. */
    long untilNanos(long nowNanos, long lifetimeSeconds) {
        long until = nowNanos + lifetimeSeconds * 1_000_000_000L;
        return endsWithCredential && credentialUntilNanos - until < 0 ? credentialUntilNanos : until;
    }

    boolean hasLostCredential(long nowNanos) {
        return endsWithCredential && credentialUntilNanos - nowNanos <= 0;
    }
}
