package dev.culvert.relay.core;

import java.util.List;

/** What came of opening relay sockets. */
sealed interface OpenedPorts {
    /**
     * They are bound, and not started.
     *
     * @param ports one, or the two of a pair with the even one first
     */
    record Bound(RelayAddress address, List<RelayPort> ports) implements OpenedPorts {
        public Bound {
            ports = List.copyOf(ports);
        }
    }

    /**
     * There are none.
     *
     * @param code 440 where the server relays no such family, 508 where it has no port left
     */
    record None(int code) implements OpenedPorts {}
}
