package dev.culvert.ice.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The flow between a TURN client and its server. All calls and events happen on one event loop. */
interface TurnLink {
    /** Takes in what comes. */
    interface Receiver {
        /** One whole message from the server: {@code lengthBytes} bytes from {@code offset}, lent for this call. */
        void onMessage(ByteBuffer buffer, int offset, int lengthBytes);

        /** The flow is of no use any more. */
        void onLost(NetworkException cause);
    }

    /** Sends one message, which is handed over; completes when the system has taken it. */
    Future<Void> send(Buffer message);

    Future<Void> close();

    /** The certificate that the server has shown; empty without TLS. */
    default Optional<X509Certificate> certificate() {
        return Optional.empty();
    }

    /** Opens a flow; fails with a {@link NetworkException}, and everything is closed then. */
    static Future<TurnLink> open(Vertx vertx, TurnServerAddress server, TurnOptions options, Receiver receiver) {
        return server.transport() == PacketTap.Transport.UDP
                ? UdpTurnLink.open(vertx, server, options, receiver)
                : StreamTurnLink.open(vertx, server, options, receiver);
    }
}
