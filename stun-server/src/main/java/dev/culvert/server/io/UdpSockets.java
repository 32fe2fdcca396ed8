package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.io.IOException;

/** How the UDP sockets of one event loop are driven. Owned by that loop's thread, but for {@link #bind}. */
interface UdpSockets {
    /**
     * Binds a socket that nobody else must have; on any thread.
     *
     * @throws BoundUdpSocket.PortTakenException where somebody has the port
     * @throws IOException where another port would not do either
     */
    BoundUdpSocket bind(TransportAddress local) throws IOException;

    /** Opens a socket that shares its port with those of other loops, where that is possible. */
    Future<UdpPort> listen(TransportAddress local, UdpPort.Receiver receiver);

    /** Whether {@link UdpPort#sendUnfragmented} works. */
    boolean canForbidFragments();

    /** What drives them, for people. */
    String name();

    /** Gives the memory back, after all sockets are closed. */
    void release();
}
