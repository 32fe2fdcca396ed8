package dev.culvert.relay.core;

/** What a {@link TurnServer} counts. */
public enum RelayCounter {
    ALLOCATIONS_CREATED,
    /** Authenticated Allocate requests with an error answer. */
    ALLOCATIONS_REFUSED,
    ALLOCATIONS_ENDED,
    /** Success answers, retransmissions included. */
    SUCCESS_ANSWERS,
    /** Error answers to authenticated requests. */
    ERROR_ANSWERS,
    /** Requests without integrity, each client's first one among them. */
    CHALLENGES,
    /** Requests that were refused before it was known whose they are, challenges aside. */
    AUTHENTICATION_FAILURES,
    /** Requests dropped because their source prefix had its share of answers without showing who it is. */
    RATE_LIMITED,
    /** Bytes of requests without a valid integrity, those that were dropped included. */
    UNAUTHENTICATED_REQUEST_BYTES,
    /** Bytes of the answers to these. */
    UNAUTHENTICATED_ANSWER_BYTES,
    /** Requests that wait for a store of credentials. */
    WAITING_FOR_CREDENTIAL,
    /** Send indications that were relayed. */
    SEND_INDICATIONS,
    /** Send indications that were not. */
    SEND_DISCARDED,
    /** Messages of other methods and classes, and those of RFC 3489. */
    UNSUPPORTED_MESSAGES,
    WRONG_FINGERPRINTS,
    /** Bytes that are no STUN message. */
    MALFORMED,
    /** ChannelData that was routed to a peer. */
    CHANNEL_DATA_TO_PEERS,
    /** ChannelData on a channel that is not bound. */
    CHANNEL_DATA_DISCARDED,
    /** Packets from peers that were routed to a client. */
    PACKETS_TO_CLIENTS,
    /** Packets from peers without a permission, or from those that are denied. */
    PEER_PACKETS_DISCARDED,
    /** Application data in both ways of sending. */
    BYTES_TO_PEERS,
    BYTES_TO_CLIENTS,
    /** Datagrams to peers that the network stack refused, or errors that came back from them. */
    PEER_SEND_FAILURES,
    /** Packets from peers that were dropped because their client does not read, or that were too long for it. */
    CLIENT_SEND_FAILURES
}
