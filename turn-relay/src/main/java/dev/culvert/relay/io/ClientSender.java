package dev.culvert.relay.io;

import dev.culvert.relay.core.DataIndication;
import dev.culvert.relay.core.Route;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.server.io.ClientLink;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Frames application data for clients. Owned by one loop's thread. */
final class ClientSender {
    private final RandomGenerator transactionIds;
    private final ByteBuffer head = ByteBuffer.allocateDirect(ChannelData.HEADER_LENGTH);
    private final ByteBuffer indication = ByteBuffer.allocateDirect(DataIndication.MAX_HEADER_LENGTH);

    ClientSender(RandomGenerator transactionIds) {
        this.transactionIds = transactionIds;
    }

    /**
     * Sends a part of {@code bytes}, whose own bounds whoever lent it still needs.
     *
     * @return false where it was dropped
     */
    boolean send(ClientLink client, Route route, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes) {
        int position = bytes.position();
        int limit = bytes.limit();
        ByteBuffer data = bytes.limit(offset + lengthBytes).position(offset);
        boolean isSent = route.channel() == Route.NO_CHANNEL
                ? indicate(client, peer.toTransportAddress(), data)
                : client.relay(channelHeader(route.channel(), lengthBytes), data, 0);
        bytes.limit(limit).position(position);
        return isSent;
    }

    private ByteBuffer channelHeader(int channel, int lengthBytes) {
        head.clear();
        ChannelData.writeHeader(head, channel, lengthBytes);
        return head.flip();
    }

    private boolean indicate(ClientLink client, TransportAddress peer, ByteBuffer data) {
        int lengthBytes = data.remaining();
        if (lengthBytes > DataIndication.MAX_DATA_LENGTH) {
            return false;
        }
        indication.clear();
        DataIndication.writeHeader(indication, transactionIds.nextInt(), transactionIds.nextLong(), peer, lengthBytes);
        return client.relay(indication.flip(), data, DataIndication.padding(lengthBytes));
    }
}
