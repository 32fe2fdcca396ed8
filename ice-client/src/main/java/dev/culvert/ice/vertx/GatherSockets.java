package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** UDP sockets, each on an address of its own. All calls and events happen on one event loop. */
final class GatherSockets {
    private final Vertx vertx;
    private final PacketTap tap;
    private final UdpSockets.Receiver receiver;
    private final Map<SocketId, Opened> sockets = new HashMap<>();
    private boolean isClosed;

    private record Opened(DatagramSocket socket, TransportAddress local) {}

    GatherSockets(Vertx vertx, PacketTap tap, UdpSockets.Receiver receiver) {
        this.vertx = vertx;
        this.tap = tap;
        this.receiver = receiver;
    }

    /** Opens a socket; the port that it got, or a failure with the system's reason. */
    Future<Integer> open(SocketId id, IpAddress ip, int port) {
        DatagramSocket socket = UdpSockets.create(vertx, ip.family());
        return socket.listen(port, ip.toString())
                .onFailure(cause -> socket.close())
                .compose(bound -> {
                    if (isClosed) {
                        return socket.close().compose(closed -> Future.failedFuture("not wanted any more"));
                    }
                    int localPort = bound.localAddress().port();
                    Opened opened = new Opened(bound, new TransportAddress(ip, localPort));
                    sockets.put(id, opened);
                    bound.handler(packet -> receive(id, opened, packet));
                    return Future.succeededFuture(localPort);
                });
    }

    private void receive(SocketId id, Opened opened, DatagramPacket packet) {
        TransportAddress from = UdpSockets.addressOf(packet.sender());
        ByteBuffer bytes = ByteBuffer.wrap(packet.data().getBytes());
        tap.onMessage(PacketTap.Direction.RECEIVED, PacketTap.Transport.UDP, opened.local(), from, bytes.duplicate());
        receiver.onDatagram(id, from, bytes);
    }

    /** Sends a copy; completes when the system has taken the datagram. */
    Future<Void> send(SocketId id, TransportAddress to, ByteBuffer bytes) {
        Opened opened = sockets.get(id);
        if (opened == null) {
            return Future.failedFuture(new NetworkException.Disconnected("the socket is closed", null));
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        tap.onMessage(PacketTap.Direction.SENT, PacketTap.Transport.UDP, opened.local(), to, ByteBuffer.wrap(copy));
        return opened.socket().send(Buffer.buffer(copy), to.port(), to.ip().toString());
    }

    Future<Void> close() {
        isClosed = true;
        List<Future<Void>> closing = new ArrayList<>();
        sockets.values().forEach(opened -> closing.add(opened.socket().close()));
        sockets.clear();
        return Future.join(closing).mapEmpty();
    }
}
