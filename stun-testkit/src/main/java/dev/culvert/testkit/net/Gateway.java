package dev.culvert.testkit.net;

import java.net.InetAddress;

/** A box between an inside segment and an outside one: a NAT, a firewall, a router. */
public interface Gateway {
    /** Its name in the trace. */
    String name();

    /** Whether the outside segment hands it what is sent to {@code destination}. */
    boolean leadsTo(InetAddress destination);

    /** A datagram from the inside, for an address that the inside segment does not know. */
    void onInside(Datagram datagram);

    /** A datagram from the outside, for an address that this gateway leads to. */
    void onOutside(Datagram datagram);
}
