package dev.culvert.ice.vertx;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.AddressFamily;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One-shot UDP sockets, numbered. All calls and events happen on one event loop. */
final class UdpSockets {
    /**
     * Room in the system for a burst, and in the buffer that a datagram is read into, which Vert.x makes as large; without
     * it, the end of every datagram of more than 2,048 bytes is cut off.
     */
    private static final int RECEIVE_BUFFER_BYTES = 0x20000;

    private final Vertx vertx;
    private final SocketOptions options;
    private final IpAddress routeAddress;
    private final PacketTap tap;
    private final Receiver receiver;
    private final Consumer<NetworkException> onFailure;
    private final List<Opened> sockets = new ArrayList<>();

    private record Opened(DatagramSocket socket, Future<DatagramSocket> bound) {}

    /** Takes in what comes. */
    interface Receiver {
        void onDatagram(SocketId socket, TransportAddress from, ByteBuffer bytes);
    }

    UdpSockets(
            Vertx vertx,
            SocketOptions options,
            IpAddress routeAddress,
            PacketTap tap,
            Receiver receiver,
            Consumer<NetworkException> onFailure) {
        this.vertx = vertx;
        this.options = options;
        this.routeAddress = routeAddress;
        this.tap = tap;
        this.receiver = receiver;
        this.onFailure = onFailure;
    }

    /** A socket that takes datagrams of any length. */
    static DatagramSocket create(Vertx vertx, AddressFamily family) {
        return vertx.createDatagramSocket(new DatagramSocketOptions()
                .setIpV6(family == AddressFamily.IPV6)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES));
    }

    SocketId open(AddressFamily family) {
        SocketId id = new SocketId(sockets.size());
        DatagramSocket socket = create(vertx, family);
        socket.handler(packet -> receive(id, packet));
        String wildcard = family == AddressFamily.IPV6 ? "::" : "0.0.0.0";
        String address = options.localAddress().map(IpAddress::toString).orElse(wildcard);
        int port = options.sourcePort() == 0 ? 0 : options.sourcePort() + id.number();
        Future<DatagramSocket> bound = socket.listen(port, address);
        bound.onFailure(cause -> onFailure.accept(new NetworkException.CannotBind(
                "cannot bind UDP " + address + " port " + port + ": " + cause.getMessage()
                        + "; choose an address of this host and a free port",
                cause)));
        sockets.add(new Opened(socket, bound));
        return id;
    }

    /** Where the socket is bound, as soon as it is. */
    Future<TransportAddress> bound(SocketId id) {
        return sockets.get(id.number()).bound().map(socket -> localAddress(id));
    }

    /** Sends now, or as soon as the socket is bound. */
    void send(SocketId id, TransportAddress to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        send(id, to, Buffer.buffer(copy));
    }

    /** Sends now, or as soon as the socket is bound; completes when the system has taken the datagram. */
    Future<Void> send(SocketId id, TransportAddress to, Buffer datagram) {
        Future<DatagramSocket> bound = sockets.get(id.number()).bound();
        return bound.compose(socket -> {
            ByteBuffer shown = ByteBuffer.wrap(datagram.getBytes());
            tap.onMessage(PacketTap.Direction.SENT, PacketTap.Transport.UDP, localAddress(id), to, shown);
            return socket.send(datagram, to.port(), to.ip().toString());
        });
    }

    private void receive(SocketId id, DatagramPacket packet) {
        TransportAddress from = addressOf(packet.sender());
        byte[] bytes = packet.data().getBytes();
        tap.onMessage(
                PacketTap.Direction.RECEIVED, PacketTap.Transport.UDP, localAddress(id), from, ByteBuffer.wrap(bytes));
        receiver.onDatagram(id, from, ByteBuffer.wrap(bytes));
    }

    static TransportAddress addressOf(SocketAddress address) {
        String host = address.hostAddress();
        int scope = host.indexOf('%');
        IpAddress ip =
                IpAddress.parse(scope < 0 ? host : host.substring(0, scope)).orElseThrow();
        return new TransportAddress(ip, address.port());
    }

    int localPort(SocketId id) {
        Opened opened = sockets.get(id.number());
        return opened.bound().succeeded() ? opened.socket().localAddress().port() : 0;
    }

    TransportAddress localAddress(SocketId id) {
        return new TransportAddress(options.localAddress().orElse(routeAddress), localPort(id));
    }

    Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        sockets.forEach(opened -> closing.add(opened.socket().close()));
        return Future.join(closing).mapEmpty();
    }
}
