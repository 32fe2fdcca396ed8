package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Carries out what a {@link TurnServer} decides, during the call that makes it decide. */
public interface RelayOutput {
    /**
     * Sends a message to the client of {@code flow}.
     *
     * @param message the bytes between position and limit; lent until this method returns
     */
    void reply(FiveTuple flow, ByteBuffer message);

    /**
     * Sends application data to a peer.
     *
     * @param bytes lent until this method returns; the data are {@code lengthBytes} from {@code offset}
     * @param dontFragment whether the datagram must carry the DF bit; only where {@link #canForbidFragments}
     */
    void sendToPeer(
            RelayPort relay,
            TransportAddress peer,
            ByteBuffer bytes,
            int offset,
            int lengthBytes,
            boolean dontFragment);

    /**
     * Sends application data to the client of {@code route}, as if a packet from {@code peer} had brought them.
     *
     * @param peer lent until this method returns
     * @param bytes lent in the same way; the data are {@code lengthBytes} from {@code offset}
     */
    void sendToClient(Route route, SourceAddress peer, ByteBuffer bytes, int offset, int lengthBytes);

    /** Whether datagrams to peers can carry the DF bit. */
    boolean canForbidFragments();

    /** Binds a socket at {@code local} that receives nothing before it is started. */
    RelayOpening openRelay(TransportAddress local);

    /** Takes a client that gets an allocation by the request that is being handled; returns the way back to it. */
    ClientHandle attach(FiveTuple client);

    /** Lets a bound socket receive, on this thread, whichever thread bound it. */
    void startRelay(RelayPort relay);

    /** Closes a socket, started or not, whichever thread bound it. */
    void closeRelay(RelayPort relay);

    /** Asks a store of credentials; the answer goes to the cache, and the requests that waited come again. */
    void needCredential(NeedCredential needed);

    /** Takes what happened, for logs and accounts and for whoever follows channel bindings. */
    void onEvent(RelayEvent event);
}
