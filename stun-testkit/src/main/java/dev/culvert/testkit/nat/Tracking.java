package dev.culvert.testkit.nat;

/** What a NAT keeps in its table, and so where it departs from the model of RFC 4787. */
public enum Tracking {
    /** Mappings, as RFC 4787 describes them. */
    MAPPINGS,
    /**
     * Flows, as Linux does: each pair of internal and remote endpoint has an entry of its own, and an external port is
     * taken only towards the remote endpoints that use it. A new flow takes the external port of the newest flow of its
     * internal endpoint, else the internal port, else a random one, whichever is free towards its remote endpoint. The
     * mapping is thus endpoint-independent until flows collide.
     */
    FLOWS,
    /**
     * Flows, on a router that accepts packets for itself: an unsolicited packet to the public address is kept as a flow
     * of the router's own. A later outgoing flow between the same endpoints collides with it and gets another port, and
     * so do the flows after it.
     */
    FLOWS_OPEN_INPUT
}
