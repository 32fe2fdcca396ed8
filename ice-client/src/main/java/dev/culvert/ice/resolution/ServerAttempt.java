package dev.culvert.ice.resolution;

import dev.culvert.stun.TransportAddress;

/**
 * One way to a server that may be tried.
 *
 * @param transport what is spoken
 * @param address where
 * @param serverName the name that the server's certificate must carry, that of the URI (RFC 5928 §5); empty where the
 *     URI has an IP address
 */
public record ServerAttempt(ServerTransport transport, TransportAddress address, String serverName) {
    /** For example {@code 192.0.2.1:3478 over UDP}. */
    @Override
    public String toString() {
        return address + " over " + transport;
    }
}
