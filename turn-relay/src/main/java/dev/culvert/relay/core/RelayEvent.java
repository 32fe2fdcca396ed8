package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.util.List;

/** What happened in a {@link TurnServer} that somebody outside may want to know. */
public sealed interface RelayEvent {
    /**
     * An allocation was created.
     *
     * @param relayed its relayed transport addresses as the client is told
     */
    record AllocationCreated(FiveTuple flow, String username, List<TransportAddress> relayed) implements RelayEvent {}

    /** An authenticated Allocate request was refused with {@code code}. */
    record AllocationRefused(FiveTuple flow, String username, int code) implements RelayEvent {}

    /**
     * An allocation ended.
     *
     * @param bytesToPeers application data that its client sent
     * @param bytesToClient application data that its peers sent
     */
    record AllocationEnded(
            FiveTuple flow,
            String username,
            EndReason reason,
            long bytesToPeers,
            long bytesToClient,
            long durationNanos)
            implements RelayEvent {}

    /** A channel was bound; that it is refreshed is no event. */
    record ChannelBound(ChannelBinding binding) implements RelayEvent {}

    /** A channel is bound no longer. */
    record ChannelEnded(ChannelBinding binding) implements RelayEvent {}

    /**
     * A request was refused before it was known whose it is, and that was no mere challenge.
     *
     * @param reason what is wrong with it
     * @param isSourceProven whether it comes from where it says: by a connection, or with a nonce that was sent there
     */
    record AuthenticationFailed(FiveTuple flow, Reason reason, boolean isSourceProven) implements RelayEvent {}

    /** Why an allocation ended. */
    enum EndReason {
        /** Nobody refreshed it. */
        EXPIRED,
        /** Its client deleted it. */
        DELETED,
        /** Its credential is no longer good, and allocations end with their credential. */
        CREDENTIAL_EXPIRED,
        /** The connection of its client is gone. */
        CONNECTION_CLOSED,
        /** The server ends. */
        SHUT_DOWN
    }
}
