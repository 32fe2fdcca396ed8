package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/** A UDP socket of its own for one TURN server. Owned by one event loop. */
final class UdpTurnLink implements TurnLink {
    private final TransportAddress server;
    private final Receiver receiver;
    private final UdpSockets sockets;
    private final SocketId socket;

    private UdpTurnLink(
            Vertx vertx, TransportAddress server, IpAddress routeAddress, TurnOptions options, Receiver receiver) {
        this.server = server;
        this.receiver = receiver;
        this.sockets =
                new UdpSockets(vertx, options.local(), routeAddress, options.tap(), this::onDatagram, receiver::onLost);
        this.socket = sockets.open(server.ip().family());
    }

    static Future<TurnLink> open(Vertx vertx, TurnServerAddress server, TurnOptions options, Receiver receiver) {
        try {
            IpAddress routeAddress = LocalAddresses.routeTo(server.address());
            return Future.succeededFuture(new UdpTurnLink(vertx, server.address(), routeAddress, options, receiver));
        } catch (NetworkException e) {
            return Future.failedFuture(e);
        }
    }

    private void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes) {
        // The socket is not connected: anybody may send to it.
        if (from.equals(server)) {
            receiver.onMessage(bytes, 0, bytes.remaining());
        }
    }

    @Override
    public Future<Void> send(Buffer message) {
        return sockets.send(socket, server, message);
    }

    @Override
    public Future<Void> close() {
        return sockets.close();
    }
}
