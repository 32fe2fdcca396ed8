package dev.culvert.relay.core;

/**
 * Whether allocations have relay ports of their own, or share a few of them and are told apart by their peers. Sharing
 * deviates from RFC 8656 §5, by which a relayed transport address belongs to one allocation.
 *
 * @param firstPorts shared ports that an event loop opens on an address before it puts two allocations on one; 0 for
 *     ports that are not shared
 * @param mostPorts to which it goes so that no two allocations of one user or one client address share a port
 */
public record RelayMode(int firstPorts, int mostPorts) {
    /** A port of its own for each relayed address. */
    public static final RelayMode EXCLUSIVE = new RelayMode(0, 0);

    /** A few ports for all. */
    public static final RelayMode SHARED = new RelayMode(4, 16);

    public RelayMode {
        if (firstPorts < 0 || mostPorts < firstPorts) {
            throw new IllegalArgumentException("no numbers of ports: " + firstPorts + ", " + mostPorts);
        }
    }

    /** Whether ports are shared. */
    public boolean isShared() {
        return firstPorts > 0;
    }
}
