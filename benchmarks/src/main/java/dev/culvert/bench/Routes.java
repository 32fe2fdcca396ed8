package dev.culvert.bench;

import dev.culvert.bench.Flow.Route;
import dev.culvert.bench.Traffic.Framing;
import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.nio.ByteBuffer;

/**
 * The ways of application data through the allocations of one server.
 *
 * @param sockets those of clients and peers
 */
record Routes(Sockets sockets, Relayed relayed, Traffic traffic) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int MAX_HEADER_LENGTH = 64;

    Route toPeer(int index) {
        TurnSession session = relayed.session(index);
        Wire wire = session.wire();
        ByteBuffer header = header(relayed.peer(index));
        UdpPort peer = sockets.peer(relayed.peerSocket(index));
        return new Route(body -> wire.send(header.rewind(), body), peer, Inlets.origin(session.relayed()));
    }

    /** All that stands before the data; the length of the data is a multiple of four, and nothing follows them. */
    private ByteBuffer header(TransportAddress peer) {
        ByteBuffer header = ByteBuffer.allocateDirect(MAX_HEADER_LENGTH);
        if (traffic.framing() == Framing.CHANNEL_DATA) {
            ChannelData.writeHeader(header, Relayed.CHANNEL, traffic.payloadBytes());
            return header.flip();
        }
        StunWriter writer = new StunWriter();
        TransactionId id = new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, 0);
        writer.begin(header, MessageClass.INDICATION, StunMethod.SEND, id).add(new XorPeerAddress(peer));
        int length = writer.lengthBytes() + ATTRIBUTE_HEADER_LENGTH + traffic.payloadBytes();
        header.putShort((short) Data.TYPE.number()).putShort((short) traffic.payloadBytes());
        return header.flip().putShort(2, (short) (length - StunMessage.HEADER_LENGTH));
    }

    Route toClient(int index) {
        TurnSession session = relayed.session(index);
        UdpPort peer = sockets.peer(relayed.peerSocket(index));
        TransportAddress to = session.relayed();
        long origin = traffic.framing() == Framing.CHANNEL_DATA
                ? session.wire().server() | Relayed.CHANNEL
                : Inlets.origin(peer.local());
        return new Route(
                body -> sockets.send(peer, NOTHING, body, to), session.wire().inlet(), origin);
    }
}
