package dev.culvert.ice.gather;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.turn.TurnEvent;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Where the {@link IceGatherer} leaves what it decides. The gatherer may be called again from each of these. */
public interface GatherOutput {
    /**
     * Opens a UDP socket, to be answered by {@link IceGatherer#onBound} or {@link IceGatherer#onBindFailed}, during this
     * call or later.
     *
     * @param port 0 for one that the system picks
     */
    void bind(SocketId socket, IpAddress local, int port);

    /** Sends a datagram; the buffer is lent for this call. */
    void send(SocketId socket, TransportAddress to, ByteBuffer bytes);

    /**
     * Connects to a TURN server over TCP or TLS, to be answered by {@link IceGatherer#onConnected} or
     * {@link IceGatherer#onConnectionLost}.
     *
     * @param server its place among the servers of the options
     * @param local the address to connect from
     */
    void connect(LinkId link, int server, IpAddress local, TransportAddress to);

    /** Sends one message over a connection; the buffer is lent for this call. */
    void send(LinkId link, ByteBuffer bytes);

    /** Closes a connection, or gives up making it. */
    void close(LinkId link);

    /**
     * Asks a service to map a port of this host, to be answered by {@link IceGatherer#onMapped} and
     * {@link IceGatherer#onMappingEnded}; the mapping is kept until the gatherer is closed.
     *
     * @param service one of the options' mappings
     */
    void map(String service, TransportAddress base);

    /**
     * Takes data that a peer sent to a relayed candidate: {@code lengthBytes} bytes of {@code buffer} from {@code offset},
     * the very buffer that was given to the gatherer.
     */
    void onRelayedData(Candidate relayed, TransportAddress peer, ByteBuffer buffer, int offset, int lengthBytes);

    /** Learns what became of permissions and channels of a relayed candidate's allocation. */
    void onRelayEvent(GatherSource source, TurnEvent event);

    /** Learns what happened. */
    void onEvent(GatherEvent event);
}
