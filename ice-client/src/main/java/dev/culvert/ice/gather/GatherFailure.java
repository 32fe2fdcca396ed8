package dev.culvert.ice.gather;

import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;

/** Why a source gave no candidate, or why a candidate is of no use any more. */
public sealed interface GatherFailure {
    /** No answer came to this many requests. */
    record Silence(int requests) implements GatherFailure {}

    /** The STUN server refused. */
    record Refused(ErrorCode error) implements GatherFailure {}

    /** The answer does not say what it must say. */
    record Unusable(String what) implements GatherFailure {}

    /** The TURN server granted nothing, or lost what it had granted. */
    record Turn(TurnFailure failure) implements GatherFailure {}

    /** No socket on that address; {@code reason} is the system's. */
    record CannotBind(String reason) implements GatherFailure {}

    /** No connection to the server, or not any more; {@code reason} is the shell's. */
    record NoConnection(String reason) implements GatherFailure {}

    /** The mapping service granted nothing, or nothing more; {@code reason} is the service's. */
    record NoMapping(String reason) implements GatherFailure {}

    /** The server sees the base at another address now: the NAT has changed its mapping. */
    record Moved(TransportAddress seenAt) implements GatherFailure {}
}
