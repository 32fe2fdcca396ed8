package dev.culvert.testkit.nat;

/** What a NAT keeps in its table, and so where it departs from the model of RFC 4787. */
public enum Tracking {
    /** Mappings, as RFC 4787 describes them. */
    MAPPINGS,
    /**
     * Flows, as Linux does: each pair of internal and remote endpoint has an entry of its own, and a port is taken only
     * towards the remote endpoints that use it. The mapping is endpoint-independent just because the port is preserved.
     */
    FLOWS,
    /**
     * Flows, on a router that accepts packets for itself: an unsolicited packet to the public address is kept as a flow
     * of the router's own. A later outgoing flow between the same endpoints collides with it and gets another port.
     */
    FLOWS_OPEN_INPUT
}
