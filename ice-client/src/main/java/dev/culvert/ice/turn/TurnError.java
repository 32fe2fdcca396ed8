package dev.culvert.ice.turn;

/** The error answers that a TURN client tells apart (RFC 8656 §7.4), and what may be done about each. */
public enum TurnError {
    BAD_REQUEST(400, Remedy.NONE),
    /** The server does not take this username and password. */
    UNAUTHENTICATED(401, Remedy.NONE),
    /** The server does not relay to that peer, or not for this client. */
    FORBIDDEN(403, Remedy.NONE),
    UNKNOWN_ATTRIBUTE(420, Remedy.OTHER_OPTIONS),
    /** For an Allocate request: the server sees the 5-tuple as in use. For any other: it has no such allocation. */
    ALLOCATION_MISMATCH(437, Remedy.NEW_FLOW),
    /** The server called several fresh nonces stale in a row. */
    STALE_NONCE(438, Remedy.NONE),
    ADDRESS_FAMILY_NOT_SUPPORTED(440, Remedy.OTHER_OPTIONS),
    /** The allocation was made with another username. */
    WRONG_CREDENTIALS(441, Remedy.NONE),
    UNSUPPORTED_TRANSPORT_PROTOCOL(442, Remedy.NONE),
    PEER_ADDRESS_FAMILY_MISMATCH(443, Remedy.NONE),
    ALLOCATION_QUOTA_REACHED(486, Remedy.WAIT_A_MINUTE),
    SERVER_ERROR(500, Remedy.WAIT_A_MINUTE),
    INSUFFICIENT_CAPACITY(508, Remedy.WAIT_A_MINUTE),
    /** Any other code. */
    OTHER(0, Remedy.NONE);

    private final int code;
    private final Remedy remedy;

    /** What RFC 8656 §7.4 lets a client do after the error. */
    public enum Remedy {
        /** Nothing, until somebody has mended the cause. */
        NONE,
        /** Try again from another local port, three times at most, then let the server be for two minutes. */
        NEW_FLOW,
        /** Ask for less: without the attribute or family that was refused. */
        OTHER_OPTIONS,
        /** Ask again, a minute later at the earliest. */
        WAIT_A_MINUTE
    }

    TurnError(int code, Remedy remedy) {
        this.code = code;
        this.remedy = remedy;
    }

    /** The error with this code, {@link #OTHER} where it has no name here. */
    public static TurnError ofCode(int code) {
        for (TurnError error : values()) {
            if (error.code == code && error != OTHER) {
                return error;
            }
        }
        return OTHER;
    }

    public Remedy remedy() {
        return remedy;
    }
}
