package dev.culvert.ice.vertx;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Takes what comes to a candidate's socket, or through its allocation, and is not about gathering. */
@FunctionalInterface
public interface CandidateDataHandler {
    /**
     * A datagram has come in. Called on the event loop.
     *
     * @param local the host candidate of the socket, or the relayed candidate
     * @param data lent for this call
     */
    void onData(Candidate local, TransportAddress from, ByteBuffer data);
}
