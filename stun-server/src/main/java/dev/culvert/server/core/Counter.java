package dev.culvert.server.core;

/** What a server counts. */
public enum Counter {
    /** Binding requests of either kind, those without an answer included. */
    BINDING_REQUESTS,
    BINDING_REQUEST_BYTES,
    /** Those of {@link #BINDING_REQUESTS} that came without magic cookie (RFC 3489). */
    CLASSIC_REQUESTS,
    BINDING_SUCCESSES,
    /** Error answers with code 400. */
    BAD_REQUESTS,
    /** Error answers with code 420. */
    UNKNOWN_ATTRIBUTES,
    /** Bytes of all answers, receipts included. */
    BINDING_ANSWER_BYTES,
    /** Indications that told a probe where its changed answer left from. */
    RECEIPTS,
    /** Requests dropped because their source prefix had its share of answers. */
    RATE_LIMITED,
    INDICATIONS,
    /** Responses, which a server never asked for. */
    STRAY_RESPONSES,
    UNSUPPORTED_METHODS,
    WRONG_FINGERPRINTS,
    /** Packets or frames whose first bytes are not those of a STUN message. */
    NOT_STUN,
    /** STUN headers with something wrong behind them. */
    MALFORMED,
    /** Answers that the network stack refused or had no room for. */
    SEND_FAILURES,
    /** Exceptions that reached the edge of the shell; anything but 0 is a defect. */
    UNEXPECTED_FAILURES,
    CONNECTIONS_OPENED,
    CONNECTIONS_CLOSED,
    /** Connections closed at once because of the cap in all or the one per source prefix. */
    CONNECTIONS_REFUSED,
    /** Connections closed because of bytes that are not STUN. */
    BAD_FRAMES,
    TLS_HANDSHAKE_FAILURES
}
