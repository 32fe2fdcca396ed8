package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.core.AllocationView.Traffic;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.OptionalLong;

/** What happened in a {@link TurnServer} that somebody outside may want to know. */
public sealed interface RelayEvent {
    /**
     * An allocation was created.
     *
     * @param id as in {@link AllocationView}
     * @param userId whom quotas count
     * @param relayed its relayed transport addresses as the client is told
     */
    record AllocationCreated(long id, FiveTuple flow, String username, String userId, List<TransportAddress> relayed)
            implements RelayEvent {}

    /** An authenticated Allocate request was refused with {@code code}. */
    record AllocationRefused(FiveTuple flow, String username, int code, Refusal why) implements RelayEvent {}

    /**
     * Another authenticated request was refused.
     *
     * @param allocation the id of the client's allocation; empty where it has none
     * @param method the request's
     * @param code of the answer
     */
    record RequestRefused(FiveTuple flow, String username, OptionalLong allocation, int method, int code, Refusal why)
            implements RelayEvent {}

    /** An allocation goes on; told over and over where a server was asked to. */
    record AllocationLasts(AllocationView allocation) implements RelayEvent {}

    /**
     * An allocation ended.
     *
     * @param id as in {@link AllocationView}
     * @param userId whom quotas count
     * @param relayed as when it was created
     * @param traffic all that was relayed for it
     */
    record AllocationEnded(
            long id,
            FiveTuple flow,
            String username,
            String userId,
            List<TransportAddress> relayed,
            EndReason reason,
            Traffic traffic,
            long durationNanos)
            implements RelayEvent {}

    /** A channel was bound; that it is refreshed is no event. */
    record ChannelBound(ChannelBinding binding) implements RelayEvent {}

    /** A channel is bound no longer. */
    record ChannelEnded(ChannelBinding binding) implements RelayEvent {}

    /**
     * A request was refused before it was known whose it is, and that was neither a mere challenge nor for its nonce. Over
     * UDP the address is not forged.
     *
     * @param reason what is wrong with it
     */
    record AuthenticationFailed(FiveTuple flow, Reason reason) implements RelayEvent {}

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
        /** An operator ended it. */
        ENDED_BY_OPERATOR,
        /** The server ends. */
        SHUT_DOWN
    }
}
