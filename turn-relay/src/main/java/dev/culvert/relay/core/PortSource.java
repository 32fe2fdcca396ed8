package dev.culvert.relay.core;

import dev.culvert.relay.core.PortPool.Choice;
import dev.culvert.stun.AddressFamily;

/** Where relayed addresses get their ports. Owned by one thread. */
interface PortSource {
    /** A port of {@code family}, or two. */
    OpenedPorts open(Request request, AddressFamily family, Choice choice);
}
