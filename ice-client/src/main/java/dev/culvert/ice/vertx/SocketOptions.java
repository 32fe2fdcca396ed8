package dev.culvert.ice.vertx;

import dev.culvert.stun.IpAddress;
import java.util.Optional;

/**
 * How UDP sockets are opened.
 *
 * @param localAddress the address to bind to; empty for the wildcard
 * @param sourcePort the first socket's port, each further one taking the next; 0 for ports that the system picks
 */
public record SocketOptions(Optional<IpAddress> localAddress, int sourcePort) {
    /** The wildcard address and ports that the system picks. */
    public static final SocketOptions ANY = new SocketOptions(Optional.empty(), 0);

    public SocketOptions {
        if (sourcePort < 0 || sourcePort > 0xFFFF) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + sourcePort);
        }
    }
}
