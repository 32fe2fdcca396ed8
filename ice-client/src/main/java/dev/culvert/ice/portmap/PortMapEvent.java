package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import java.util.List;

/** What a {@link PortMapper} found out, or what became of a mapping. */
public sealed interface PortMapEvent {
    /**
     * The router takes requests by this protocol.
     *
     * @param description what the router says of itself, or empty; only UPnP tells anything
     */
    record Offered(MappingProtocol via, String description) implements PortMapEvent {}

    /** The router does not take requests by this protocol. */
    record NotOffered(MappingFailure failure) implements PortMapEvent {}

    /** The router's address outside, as it says. */
    record ExternalAddressFound(MappingProtocol via, IpAddress address) implements PortMapEvent {}

    /** The router's address outside is another one now. */
    record ExternalAddressChanged(MappingProtocol via, IpAddress before, IpAddress address) implements PortMapEvent {}

    /** It is known of each protocol whether the router offers it. */
    record Settled() implements PortMapEvent {}

    /** A mapping is there, there again, or has another external address or port than before. */
    record Mapped(MappingId id, PortMapping mapping) implements PortMapEvent {}

    /** A mapping was prolonged as it is. */
    record Renewed(MappingId id, PortMapping mapping) implements PortMapEvent {}

    /** A mapping has run out and could not be renewed; it is asked for again from time to time. */
    record Lost(MappingId id, PortMapping mapping, MappingFailure failure) implements PortMapEvent {}

    /** A mapping could not be made; nothing more is done for it. One failure for each protocol, the best first. */
    record Failed(MappingId id, List<MappingFailure> failures) implements PortMapEvent {
        public Failed {
            failures = List.copyOf(failures);
        }
    }

    /** A mapping was removed, or had never been made. */
    record Removed(MappingId id) implements PortMapEvent {}

    /** The router did not confirm the removal; a mapping that is not permanent runs out by itself. */
    record NotRemoved(MappingId id, MappingFailure failure) implements PortMapEvent {}

    /** The router has lost its mappings, or may have; all are asked for again within seconds. */
    record RouterRestarted(MappingProtocol via) implements PortMapEvent {}

    /** {@link PortMapper#close} is done. */
    record Closed() implements PortMapEvent {}
}
