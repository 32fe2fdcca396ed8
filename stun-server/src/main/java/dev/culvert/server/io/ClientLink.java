package dev.culvert.server.io;

import dev.culvert.server.core.FiveTuple;
import java.nio.ByteBuffer;

/**
 * The way back to a client: its address, or its connection. Owned by its event loop's thread. What is sent leaves at the
 * next {@link ServerLoop#flush}.
 */
public interface ClientLink {
    FiveTuple flow();

    /**
     * Sends a STUN message.
     *
     * @param message the bytes between position and limit; copied before this method returns
     */
    void reply(ByteBuffer message);

    /**
     * Sends a message with application data; on a stream with its padding.
     *
     * @param head the first bytes, between position and limit; copied before this method returns
     * @param body the bytes behind these, in the same way
     * @param paddingBytes how many zeros follow, 0–3
     * @return false where it was dropped, because the client does not read or no datagram is long enough
     */
    boolean relay(ByteBuffer head, ByteBuffer body, int paddingBytes);

    /** Takes long messages from now on, having learnt whose they are. */
    void trust();
}
