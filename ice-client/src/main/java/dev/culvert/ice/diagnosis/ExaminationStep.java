package dev.culvert.ice.diagnosis;

import java.time.Duration;

/**
 * One step of an examination of a TURN server.
 *
 * @param name which
 * @param result how it went
 * @param took how long
 * @param detail what it brought, or why it failed, for people; may be empty
 */
public record ExaminationStep(Name name, Result result, Duration took, String detail) {
    /** The steps, in their order. */
    public enum Name {
        /** Names to addresses. */
        RESOLVE,
        /** The connection of TCP, the session of TLS. */
        CONNECT,
        /** The first request, to the answer that asks for credentials. */
        CHALLENGE,
        /** The request with credentials, to the relayed address. */
        ALLOCATE,
        /** The permission for the other allocation. */
        PERMISSION,
        /** A channel to the other allocation. */
        CHANNEL,
        /** Datagrams to the other allocation and back. */
        RELAY,
        /** As many datagrams as come through. */
        THROUGHPUT,
        /** A datagram from a plain socket to the relayed address, and back. */
        OUTSIDE
    }

    /** How a step went. */
    public enum Result {
        DONE,
        FAILED,
        /** It could not be tried. */
        SKIPPED
    }
}
