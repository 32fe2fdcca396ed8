package dev.culvert.ice.portmap;

import dev.culvert.stun.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a router offers, as far as is known.
 *
 * @param gateway the router that was asked
 * @param protocols those that it was asked by, the best first
 */
public record RouterReport(Gateway gateway, List<Protocol> protocols) {
    /**
     * One protocol.
     *
     * @param isOffered whether the router takes requests by it
     * @param description what the router says of itself; may be empty
     * @param external the router's address outside, if it tells it by this protocol
     * @param failure why it is not offered; empty where it is, or where that is not known yet
     */
    public record Protocol(
            MappingProtocol via,
            boolean isOffered,
            String description,
            Optional<IpAddress> external,
            Optional<MappingFailure> failure) {}

    public RouterReport {
        protocols = List.copyOf(protocols);
    }

    /** Whether the router takes requests by any protocol. */
    public boolean isAnyOffered() {
        return protocols.stream().anyMatch(Protocol::isOffered);
    }

    /** The router's address outside: by the best protocol that tells it. */
    public Optional<IpAddress> external() {
        return protocols.stream()
                .flatMap(protocol -> protocol.external().stream())
                .findFirst();
    }

    /** What the router says of itself; empty where it does not. */
    public String description() {
        return protocols.stream()
                .map(Protocol::description)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }
}
