package dev.culvert.relay.auth;

import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.TransactionId;
import java.nio.ByteBuffer;

/**
 * A request that waits for its credential.
 *
 * @param flow where it came from
 * @param transactionId tells its retransmissions
 * @param bytes a copy of the whole message between position and limit, to be submitted again
 * @param receivedNanos when it came
 */
public record WaitingRequest(FiveTuple flow, TransactionId transactionId, ByteBuffer bytes, long receivedNanos) {
    boolean isRetransmittedAs(WaitingRequest other) {
        return transactionId.equals(other.transactionId) && flow.equals(other.flow);
    }
}
