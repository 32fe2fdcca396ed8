package dev.culvert.relay.core;

/** What came of binding a relay socket. */
public sealed interface RelayOpening {
    /** It is bound, and receives nothing yet. */
    record Opened(RelayPort port) implements RelayOpening {}

    /** Why there is no socket. */
    enum Failure implements RelayOpening {
        /** Somebody else on this machine has the port; another one may do. */
        PORT_TAKEN,
        /** No descriptors, no memory, or the address is gone: another port would not do either. */
        EXHAUSTED
    }
}
