package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.TransportAddress;
import java.util.HashSet;
import java.util.Set;

/** The sockets of a machine, as far as a relay can tell. Insists that what is opened is closed once. */
final class Machine {
    /** Ports of other programs. */
    final Set<Integer> portsOfOthers = new HashSet<>();

    final Set<TransportAddress> bound = new HashSet<>();
    int descriptorsLeft = Integer.MAX_VALUE;

    /** A socket. */
    static final class Socket extends RelayPort {
        private final TransportAddress local;
        boolean isStarted;

        private Socket(TransportAddress local) {
            this.local = local;
        }

        @Override
        public TransportAddress local() {
            return local;
        }

        @Override
        public String toString() {
            return "socket " + local;
        }
    }

    RelayOpening bind(TransportAddress local) {
        if (descriptorsLeft == 0) {
            return RelayOpening.Failure.EXHAUSTED;
        }
        if (portsOfOthers.contains(local.port())) {
            return RelayOpening.Failure.PORT_TAKEN;
        }
        assertThat(bound.add(local)).as("bound once: " + local).isTrue();
        descriptorsLeft--;
        return new RelayOpening.Opened(new Socket(local));
    }

    void close(RelayPort port) {
        assertThat(bound.remove(port.local())).as("open: " + port).isTrue();
        descriptorsLeft++;
    }
}
