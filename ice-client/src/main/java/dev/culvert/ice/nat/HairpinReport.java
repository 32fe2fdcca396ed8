package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * Whether two sockets behind this NAT can meet at its public address.
 *
 * @param server who told the external addresses
 * @param behavior what was found
 * @param sides both sockets
 * @param confidence 0–1, how sure it is that {@code NONE} is no loss; 1 where something came back
 */
public record HairpinReport(ProbeServer server, HairpinBehavior behavior, List<Side> sides, double confidence) {
    /**
     * One of the two sockets.
     *
     * @param localPort its port
     * @param external where the server saw it
     * @param sent how many requests went to the other one's external address
     * @param seenAs from where these came to the other one; empty where none did
     * @param answered whether the other one's answer came back from where the requests had gone
     */
    public record Side(
            int localPort,
            Optional<TransportAddress> external,
            int sent,
            Optional<TransportAddress> seenAs,
            boolean answered) {}

    public HairpinReport {
        sides = List.copyOf(sides);
    }

    /** Whether the server answered. */
    public boolean answered() {
        return behavior != HairpinBehavior.UNKNOWN;
    }

    /** Whether a request of one reached the other, and the answer came back from where it had gone. */
    public boolean worksBothWays() {
        return sides.stream().anyMatch(Side::answered);
    }
}
