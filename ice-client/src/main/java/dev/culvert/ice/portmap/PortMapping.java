package dev.culvert.ice.portmap;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;

/**
 * A mapping that the router keeps.
 *
 * @param via how it was asked for
 * @param protocol what the ports are ports of
 * @param internal the address and port of this host
 * @param external where the router takes packets for it
 * @param lifetime for how long the router keeps it if it is not renewed; zero where it keeps it until it is removed
 */
public record PortMapping(
        MappingProtocol via,
        PortProtocol protocol,
        TransportAddress internal,
        TransportAddress external,
        Duration lifetime) {
    /** Whether the router knows no leases: what is not removed stays. */
    public boolean isPermanent() {
        return lifetime.isZero();
    }
}
