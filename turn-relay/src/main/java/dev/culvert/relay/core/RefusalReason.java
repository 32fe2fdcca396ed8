package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication;

/** Why requests are refused or, where only the rate limiter is concerned, dropped: what metrics tell apart. */
public enum RefusalReason {
    /** An attribute is missing, does not decode, or does not go with another one. */
    BAD_REQUEST,
    UNKNOWN_ATTRIBUTE,
    /** There is no allocation, or there is one already. */
    ALLOCATION_MISMATCH,
    /** The allocation is another user's. */
    OTHER_USER,
    /** Another protocol than UDP is asked for. */
    TRANSPORT,
    /** An address family that the server or the allocation does not have. */
    FAMILY,
    /** {@code --max-allocations-per-user}. */
    USER_QUOTA,
    /** {@code --max-allocations}. */
    SERVER_QUOTA,
    /** No relay port is free. */
    PORTS,
    /** The system gives no socket. */
    SOCKETS,
    /** A reservation is over, or none can be made. */
    RESERVATION,
    /** {@code --max-permissions}. */
    PERMISSIONS,
    /** {@code --max-channels}. */
    CHANNELS,
    /** A rule denies the peer. */
    POLICY,
    /** The peer is that of another allocation on a shared relay port. */
    PEER_TAKEN,
    /** The client comes out of a tunnel that is not served. */
    TUNNEL,
    /** The server takes no new clients. */
    DRAINING,
    /** As the reasons of {@link Authentication.Reason}. */
    INCOMPLETE,
    BID_DOWN,
    UNKNOWN_USER,
    WRONG_PASSWORD,
    EXPIRED_CREDENTIAL,
    STALE_NONCE,
    FOREIGN_NONCE,
    STORE_FAILED,
    STORE_BUSY,
    /** {@code --unauthenticated-rate}; there is no answer. */
    RATE;

    /** The reason of a request whose sender is not known; every one but a mere challenge. */
    static RefusalReason of(Authentication.Reason reason) {
        return valueOf(reason.name());
    }
}
