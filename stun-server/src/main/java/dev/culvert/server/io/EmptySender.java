package dev.culvert.server.io;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Sends datagrams without data, which TURN has to relay (RFC 8656 §11.2, §12.6). Netty's channels count them as written
 * and send nothing; behind one that it skips, its epoll channel even mistakes which of a batch it has sent.
 */
@FunctionalInterface
interface EmptySender {
    /** For a port that never has to. */
    EmptySender NONE = recipient -> {};

    /** Sends one, past any queue. */
    void send(InetSocketAddress recipient) throws IOException;
}
