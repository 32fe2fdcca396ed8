package dev.culvert.ice.vertx;

import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;

/** A way to have a router map a port of this host: PCP, NAT-PMP, UPnP. All calls happen on one event loop. */
public interface MappingService {
    /** What people call it; unique among the services of one gathering. */
    String name();

    /**
     * Asks for a mapping of a UDP port and keeps it until it is closed.
     *
     * @param base the socket of this host
     * @param listener learns the outcome, during this call or later
     */
    Mapping map(TransportAddress base, Listener listener);

    /** A mapping that was asked for. */
    interface Mapping {
        /** Removes it; completes when the router has confirmed, or stays silent. */
        Future<Void> close();
    }

    /** Learns what became of a mapping. */
    interface Listener {
        /** The router receives for this socket at {@code external}. */
        void onMapped(TransportAddress external);

        /** There will be no mapping, or it is lost; {@code reason} is for people. */
        void onEnded(String reason);
    }
}
