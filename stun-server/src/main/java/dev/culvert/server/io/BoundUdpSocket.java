package dev.culvert.server.io;

import dev.culvert.stun.TransportAddress;
import java.io.IOException;

/**
 * A UDP socket that is bound and that nobody reads from yet: whatever arrives waits in its buffer. Bound on any thread,
 * then handed to one: {@link ServerLoop#start} or {@link #close}, once.
 */
public abstract class BoundUdpSocket {
    private final TransportAddress local;

    BoundUdpSocket(TransportAddress local) {
        this.local = local;
    }

    /** The transport address that it is bound to. */
    public final TransportAddress local() {
        return local;
    }

    /** Begins to read on {@code loop}, whose sockets are of the same kind as those of the loop that bound it. */
    abstract UdpPort start(ServerLoop loop, UdpPort.Receiver receiver);

    /** Gives the port back. */
    public abstract void close();

    /** Somebody else on this machine has the port. */
    public static final class PortTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        PortTakenException(TransportAddress local, IOException cause) {
            super("somebody else has udp " + local, cause);
        }
    }
}
