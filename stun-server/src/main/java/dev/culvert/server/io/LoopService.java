package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/**
 * What a server does on one event loop beside answering Binding requests. Owned by that loop's thread: every method is
 * called there.
 */
public interface LoopService {
    /** Makes the service of one event loop. */
    @FunctionalInterface
    interface Factory {
        LoopService on(ServerLoop loop);
    }

    /** The number by which {@link #onChannelData} is told where ChannelData arrived. */
    int endpoint(Transport transport, TransportAddress local);

    /**
     * Takes what begins as ChannelData does.
     *
     * @param endpoint where it arrived, from {@link #endpoint}
     * @param bytes big-endian; lent until this method returns
     */
    void onChannelData(int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes);

    /**
     * Takes a datagram that begins as a Send indication does.
     *
     * @param endpoint where it arrived, from {@link #endpoint}
     * @param bytes big-endian; lent until this method returns
     */
    void onSendIndication(int endpoint, SourceAddress client, ByteBuffer bytes, int offset, int lengthBytes);

    /**
     * Takes a STUN message of any method but Binding.
     *
     * @param bytes big-endian; lent until this method returns
     * @return {@link Malformation#NONE}, or why these bytes are no STUN message
     */
    Malformation onMessage(ClientLink client, ByteBuffer bytes, int offset, int lengthBytes);

    /** Whether the connection of {@code flow} is in use even though it is silent. */
    boolean isInUse(FiveTuple flow);

    /** The connection of {@code flow} is gone. */
    void onConnectionClosed(FiveTuple flow);
}
