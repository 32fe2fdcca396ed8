package dev.culvert.ice.diagnosis;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;

/**
 * What was seen of a relay that granted an allocation.
 *
 * @param server the address that was asked
 * @param relayed the address that it granted
 * @param mapped where it saw this client
 * @param overUdp whether the flow to the server is UDP, which therefore works from here
 * @param between whether datagrams passed between two allocations
 * @param outside whether a datagram passed from a plain socket to the allocation and back
 * @param loss the share of lost round trips between the allocations, 0 to 1
 */
public record RelayFacts(
        TransportAddress server,
        TransportAddress relayed,
        IpAddress mapped,
        boolean overUdp,
        Passage between,
        Passage outside,
        double loss) {
    /** Whether datagrams passed. */
    public enum Passage {
        PASSED,
        /** They were sent and did not arrive. */
        SILENT,
        /** The server refused to relay there. */
        FORBIDDEN,
        /** It could not be tried. */
        NOT_TRIED
    }
}
