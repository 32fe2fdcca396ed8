package dev.culvert.testkit.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Receives what arrives at a simulated socket. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * One datagram has arrived. The buffer belongs to the handler.
     *
     * @param local the address and port of this host that it was sent to
     * @param remote where it seems to come from, after all NATs on the way
     */
    void onDatagram(InetSocketAddress local, InetSocketAddress remote, ByteBuffer payload, long nowNanos);
}
