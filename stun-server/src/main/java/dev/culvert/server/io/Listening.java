package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.util.Locale;

/**
 * A place where a server listens.
 *
 * @param transport the transport of its listener
 * @param address the bound address, never a wildcard, never port 0
 */
public record Listening(Transport transport, TransportAddress address) {
    /** For example {@code udp 203.0.113.5:3478}. */
    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + " " + address;
    }
}
