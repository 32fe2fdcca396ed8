package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One of the protocols, as a {@link PortMapper} uses it. Mutable, owned by one thread. */
interface MappingClient {
    MappingProtocol protocol();

    /** Finds out whether the router offers this; ends with {@link Listener#onOffered} or {@link Listener#onNotOffered}. */
    void discover();

    /** Why a mapping is asked for. */
    enum Occasion {
        /** It is new: worth some patience. */
        FIRST,
        /** It is due to be prolonged; if that fails, it is tried again later. */
        RENEWAL,
        /** The router has lost it. */
        RESTORATION
    }

    /**
     * Asks for a mapping, in place of what was asked for it before; ends with {@link Listener#onGranted} or
     * {@link Listener#onRefused}.
     */
    void map(LeasedPort lease, Occasion occasion);

    /**
     * Removes a mapping, or what may become one since it has been asked for; ends with {@link Listener#onRemoved} or
     * {@link Listener#onNotRemoved}.
     */
    void unmap(LeasedPort lease);

    /** Takes a datagram, of this protocol or not. */
    void onDatagram(TransportAddress from, ByteBuffer bytes);

    /** Finds out nothing more; removals go on. */
    void stop();

    /** Learns how it went; never during {@link #discover}, but perhaps during the others. */
    interface Listener {
        void onOffered(MappingProtocol via, String description);

        void onNotOffered(MappingFailure failure);

        void onExternalAddress(MappingProtocol via, IpAddress address);

        /**
         * The mapping is there.
         *
         * @param lifetime zero where it is permanent
         */
        void onGranted(LeasedPort lease, MappingProtocol via, TransportAddress external, Duration lifetime);

        void onRefused(LeasedPort lease, MappingFailure failure);

        void onRemoved(LeasedPort lease);

        void onNotRemoved(LeasedPort lease, MappingFailure failure);

        /** The router may have lost all mappings. */
        void onRestart(MappingProtocol via);
    }
}
