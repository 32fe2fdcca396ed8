package dev.culvert.ice.turn;

import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Why a request of the TURN client came to nothing. */
public sealed interface TurnFailure {
    /** No answer came. */
    record Silence() implements TurnFailure {}

    /** Answers came, but none that proves to know the password (RFC 8489 §9.2.5): somebody meddles, or the server is broken. */
    record IntegrityViolated() implements TurnFailure {}

    /** Answers came that ask for weaker protection than the server announces or used before (RFC 8489 §9.2.5). */
    record BidDown() implements TurnFailure {}

    /** The server makes keys only by algorithms that this client does not know. */
    record NoCommonPasswordAlgorithm() implements TurnFailure {}

    /** The answer does not say what it must say. */
    record UnusableAnswer(String what) implements TurnFailure {}

    /** All 4096 channel numbers of the allocation are in use. */
    record NoChannelLeft() implements TurnFailure {}

    /**
     * The server wants the client to go to another one (RFC 8489 §10). Whoever follows it keeps the transport protocol and
     * the credential, goes at most a few hops, and to no server twice.
     *
     * @param servers at least one, in the order of the answer: the first is of the flow's family
     * @param domains the name that the other server's certificate must carry; empty where it is that of this one
     */
    record TryAlternate(List<TransportAddress> servers, List<String> domains) implements TurnFailure {
        public TryAlternate {
            servers = List.copyOf(servers);
            domains = List.copyOf(domains);
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("no alternate server");
            }
        }
    }

    /**
     * The server refused.
     *
     * @param error what it said
     * @param unknownAttributes with 420, the numbers of the attributes that it does not understand
     */
    record Refused(ErrorCode error, List<Integer> unknownAttributes) implements TurnFailure {
        public Refused {
            unknownAttributes = List.copyOf(unknownAttributes);
        }

        /** The kind of the error, which tells what may be done. */
        public TurnError kind() {
            return TurnError.ofCode(error.code());
        }
    }

    /**
     * Whether the same request may well succeed a little later: the server is in trouble, or nobody has proved to be the
     * server. Of the refusals, 401 and 438 never carry integrity, so somebody else may have sent them.
     */
    default boolean isTransient() {
        if (this instanceof Refused refused) {
            int code = refused.error().code();
            return code >= 500 && code < 600 || code == Challenges.UNAUTHENTICATED || code == Challenges.STALE_NONCE;
        }
        return this instanceof Silence
                || this instanceof IntegrityViolated
                || this instanceof BidDown
                || this instanceof NoCommonPasswordAlgorithm;
    }

    /** Whether the server sees no allocation where the client does, or one where the client does not. */
    default boolean isMismatch() {
        return refusal().filter(error -> error == TurnError.ALLOCATION_MISMATCH).isPresent();
    }

    /** The kind of error with which the server refused; empty where it did not. */
    default Optional<TurnError> refusal() {
        return this instanceof Refused refused ? Optional.of(refused.kind()) : Optional.empty();
    }
}
