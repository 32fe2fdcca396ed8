package dev.culvert.server.io;

import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import java.nio.ByteBuffer;

/** A bound UDP socket on an event loop. Owned by that loop's thread: every method is called there. */
public interface UdpPort {
    /** The transport address that this port is bound to. */
    TransportAddress local();

    /**
     * Queues one datagram, which leaves at the next {@link ServerLoop#flush}, in order among those to the same
     * destination.
     *
     * @param head the first bytes, between position and limit; copied before this method returns
     * @param body the bytes behind these, in the same way
     */
    void send(ByteBuffer head, ByteBuffer body, TransportAddress remote);

    /**
     * Queues application data in the same way, with the header fields of the datagram that is being received, where the
     * sockets tell and set them: the traffic class and, from IPv6 to IPv6, one hop fewer (RFC 8656 §13.2, §14).
     *
     * @param head the first bytes, as for {@link #send}
     * @param body application data
     * @param paddingBytes how many zeros follow, 0–3
     */
    void relay(ByteBuffer head, ByteBuffer body, int paddingBytes, TransportAddress remote);

    /**
     * Sends one datagram that nobody may fragment, behind all that is queued: over IPv4 with the DF bit set, over IPv6 whole
     * or not at all.
     *
     * @throws IllegalStateException where {@link ServerLoop#canForbidFragments} says no
     */
    void sendUnfragmented(ByteBuffer datagram, TransportAddress remote);

    /**
     * Whether equal datagrams in a row may go through the network stack as one train, where the system can do that; at
     * first they may. Otherwise each travels alone.
     *
     * @param outgoing whether they may leave so
     * @param incoming whether they may arrive so
     */
    void allowTrains(boolean outgoing, boolean incoming);

    /** Closes the socket; completes when its port is free again. */
    Future<Void> close();

    /** Takes what arrives at a port, on its event loop. */
    interface Receiver {
        /**
         * Takes one datagram.
         *
         * @param bytes big-endian; lent until this method returns, and its position and limit stay as they are
         * @param source where it came from; lent in the same way
         */
        void onDatagram(UdpPort port, ByteBuffer bytes, int offset, int lengthBytes, SourceAddress source);

        /**
         * Takes an ICMP error that a datagram from this port met with, where the sockets tell of them. Only ports of
         * {@link ServerLoop#start} hear of any.
         *
         * @param destination where that datagram went; its port is 0 where it is not known; lent until this method returns
         * @param icmpType the type of ICMP, or of ICMPv6 for a destination of IPv6
         * @param code the code of the same
         * @param mtu that of the next hop where the datagram was too big, else anything; 32 bits
         */
        default void onIcmp(UdpPort port, SourceAddress destination, int icmpType, int code, long mtu) {}

        /** Takes what went wrong at the edge: receiving, sending, or an exception out of this receiver. */
        void onFailure(UdpPort port, Throwable cause);
    }
}
