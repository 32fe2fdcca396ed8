package dev.culvert.bench;

import java.nio.ByteBuffer;

/** The way from one client to one server. Owned by the generator's thread. */
interface Wire {
    /** Sends one message, {@code head} and then {@code body}, both between position and limit, which may move. */
    void send(ByteBuffer head, ByteBuffer body);

    /** Whether a message may be lost on the way, and has to be sent again. */
    boolean isLossy();

    /** The socket at which what the server sends arrives. */
    Object inlet();

    /** The server's address, as {@link Inlets} writes it. */
    long server();
}
