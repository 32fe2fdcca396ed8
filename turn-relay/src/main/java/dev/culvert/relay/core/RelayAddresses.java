package dev.culvert.relay.core;

import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import java.util.Optional;

/** Says on which address an allocation gets its relay port. */
@FunctionalInterface
public interface RelayAddresses {
    /**
     * The address of {@code family}; empty where the server relays no such family.
     *
     * @param asked the server's address at which the request arrived
     */
    Optional<RelayAddress> of(AddressFamily family, IpAddress asked);
}
