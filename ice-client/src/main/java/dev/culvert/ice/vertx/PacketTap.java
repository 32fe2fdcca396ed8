package dev.culvert.ice.vertx;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Sees every STUN and ChannelData message that the shell sends and receives. Called on the event loop. */
@FunctionalInterface
public interface PacketTap {
    /** Sees nothing. */
    PacketTap NONE = (direction, transport, local, remote, bytes) -> {};

    /** Which way a message goes. */
    enum Direction {
        SENT,
        RECEIVED
    }

    /** What carries a message. */
    enum Transport {
        UDP,
        TCP,
        TLS
    }

    /**
     * One message has gone out or come in.
     *
     * @param bytes lent for this call
     */
    void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes);
}
