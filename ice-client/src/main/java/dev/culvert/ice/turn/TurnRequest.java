package dev.culvert.ice.turn;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.StunMessage;
import java.util.List;

/**
 * What is asked of the server, in however many transactions it takes.
 *
 * @param method as in {@link dev.culvert.stun.StunMethod}
 * @param attributes those of the method, without authentication
 * @param conclusion learns the outcome
 */
record TurnRequest(int method, List<Attribute> attributes, Conclusion conclusion) {
    TurnRequest {
        attributes = List.copyOf(attributes);
    }

    /** Learns what came of one request: exactly one of the two is called, once, unless the request is called off. */
    interface Conclusion {
        /**
         * The server did it.
         *
         * @param sentNanos when the transaction that succeeded was sent first: what the server counts began no earlier
         */
        void onSuccess(StunMessage answer, long sentNanos, long nowNanos, TurnOutput out);

        void onFailure(TurnFailure failure, long nowNanos, TurnOutput out);
    }
}
