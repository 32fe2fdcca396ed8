package dev.culvert.relay.policy;

import dev.culvert.stun.IpAddress;

/**
 * The relay ports of this server, as far as a policy must know them.
 *
 * <p>{@link #isLive} is asked on the data path: it must not block or allocate. Every address is one of those that the
 * policy was given as the server's own, the same object.
 */
public interface RelayPorts {
    /** Whether relay ports are opened on {@code own}, or told to clients as being on it. */
    boolean areOn(IpAddress own);

    /** Whether {@code own} with {@code port} is the relayed transport address of an allocation that lives now. */
    boolean isLive(IpAddress own, int port);
}
