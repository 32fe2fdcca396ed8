package dev.culvert.relay.core;

import dev.culvert.stun.IpAddress;

/**
 * An address on which relay sockets are bound.
 *
 * @param local what they are bound to
 * @param told what clients are told: the same, or its public address behind a 1:1 NAT
 */
public record RelayAddress(IpAddress local, IpAddress told) {
    public RelayAddress {
        if (local.family() != told.family()) {
            throw new IllegalArgumentException(told + " cannot stand for " + local);
        }
    }

    /** An address that clients reach as it is. */
    public static RelayAddress of(IpAddress address) {
        return new RelayAddress(address, address);
    }
}
