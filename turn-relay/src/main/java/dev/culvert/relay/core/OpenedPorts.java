package dev.culvert.relay.core;

import dev.culvert.stun.AddressFamily;
import java.util.List;
import java.util.Optional;

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
     * @param counter of those of which there is none left; empty where it is not for want of ports
     * @param why for the operator
     */
    record None(int code, Optional<RelayCounter> counter, Refusal why) implements OpenedPorts {
        static None ofFamily(AddressFamily family) {
            String words = "the server relays on no " + family + " address, --relay-address";
            return new None(440, Optional.empty(), new Refusal(RefusalReason.FAMILY, words));
        }
    }
}
