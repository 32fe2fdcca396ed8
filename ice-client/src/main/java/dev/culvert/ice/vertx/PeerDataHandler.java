package dev.culvert.ice.vertx;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Takes what peers send through a {@link TurnConnection}. Called on its event loop. */
@FunctionalInterface
public interface PeerDataHandler {
    /**
     * One datagram of a peer has come.
     *
     * @param data between position and limit, lent for this call
     */
    void onData(TransportAddress peer, ByteBuffer data);
}
