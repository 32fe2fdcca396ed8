package dev.culvert.server.core;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Takes the messages that a core sends, during the call that makes it send them. */
@FunctionalInterface
public interface ReplyOutput {
    /**
     * Sends one message.
     *
     * @param message the bytes between position and limit; lent until this method returns
     * @param local the server's transport address that it leaves from; on a stream always the one that was asked
     * @param remote where it goes
     */
    void send(ByteBuffer message, TransportAddress local, TransportAddress remote);
}
