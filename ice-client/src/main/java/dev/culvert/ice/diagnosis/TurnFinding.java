package dev.culvert.ice.diagnosis;

/**
 * Something about a TURN server that somebody should mend.
 *
 * @param kind what
 * @param text cause and mend, one line for people
 */
public record TurnFinding(Kind kind, String text) {
    /** What is wrong. */
    public enum Kind {
        /** The relayed address reaches less far than the server's own. */
        WRONG_EXTERNAL_ADDRESS,
        /** Nothing gets through to the relay ports. */
        RELAY_PORTS_CLOSED,
        /** Allocations reach each other, but others do not reach them. */
        CLOSED_TO_OTHERS,
        /** Others reach the allocations, but these do not reach each other. */
        NO_WAY_TO_ITSELF,
        /** The server does not relay between its own allocations. */
        RELAY_FORBIDDEN,
        /** Many datagrams are lost. */
        LOSS,
        /** A credential with an expiry time is over, or the clocks differ. */
        CREDENTIAL_EXPIRED,
        /** The server does not take the credential. */
        CREDENTIAL_REFUSED,
        /** The server's certificate is not accepted. */
        CERTIFICATE,
        /** The server refuses for another reason. */
        REFUSED,
        /** The server cannot be reached. */
        UNREACHABLE
    }
}
