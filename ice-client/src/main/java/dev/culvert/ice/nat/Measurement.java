package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.StunTransactions;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * A measurement over UDP sockets, driven by hand: {@link #start}, then {@link #onMessage} for each datagram and
 * {@link #onTimeout} when {@link #nextDeadlineNanos} has come, until {@link Output#onFinished}. Owned by one thread.
 */
public interface Measurement {
    /** Sends the first requests. */
    void start(long nowNanos);

    /** Takes in a datagram, whose {@code bytes} are lent for this call. */
    void onMessage(SocketId socket, TransportAddress from, ByteBuffer bytes, long nowNanos);

    /** Does what is due at {@code nowNanos}. */
    void onTimeout(long nowNanos);

    /** When {@link #onTimeout} is to be called next; empty while no time is waited for. Compare by difference. */
    OptionalLong nextDeadlineNanos();

    /**
     * What a measurement needs done; called during calls to it.
     *
     * @param <R> what it finds out
     */
    interface Output<R> extends StunTransactions.Output {
        /** Opens a fresh UDP socket on the wildcard address; what is sent before it is open must be kept back, not lost. */
        SocketId openSocket(AddressFamily family);

        /** The port of a socket that something was received on. */
        int localPort(SocketId socket);

        /** The end: no socket is needed any more. */
        void onFinished(R report);
    }
}
