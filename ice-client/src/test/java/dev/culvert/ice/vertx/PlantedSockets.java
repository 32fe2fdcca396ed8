package dev.culvert.ice.vertx;

import dev.culvert.ice.check.PlantedServer;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A planted server on 127.0.0.1 and 127.0.0.2, UDP on two ports, and a stream listener if wanted. */
final class PlantedSockets implements AutoCloseable {
    private final Vertx vertx;
    private final PlantedServer server;
    private final Map<TransportAddress, DatagramSocket> sockets = new HashMap<>();

    PlantedSockets(Vertx vertx, PlantedServer.Fault... faults) {
        this.vertx = vertx;
        IpAddress first = IpAddress.parse("127.0.0.1").orElseThrow();
        IpAddress second = IpAddress.parse("127.0.0.2").orElseThrow();
        TransportAddress primary = new TransportAddress(first, freePort());
        server = new PlantedServer(primary, new TransportAddress(second, freePort()), faults);
        server.addresses().forEach(this::open);
    }

    private static int freePort() {
        try (var first = new java.net.DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                var second = new java.net.DatagramSocket(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.2"), first.getLocalPort()))) {
            return second.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open(TransportAddress address) {
        DatagramSocket socket = vertx.createDatagramSocket();
        sockets.put(address, socket);
        socket.handler(packet -> {
            TransportAddress client = UdpSockets.addressOf(packet.sender());
            ByteBuffer bytes = ByteBuffer.wrap(packet.data().getBytes());
            for (PlantedServer.Sent sent : server.onDatagram(address, client, bytes)) {
                Objects.requireNonNull(sockets.get(sent.from()))
                        .send(
                                Buffer.buffer(sent.bytes()),
                                sent.to().port(),
                                sent.to().ip().toString());
            }
        });
        socket.listen(address.port(), address.ip().toString()).await();
    }

    /** Where it is asked first. */
    TransportAddress address() {
        return server.addresses().get(0);
    }

    /** Listens for streams as {@code options} say; returns where. */
    TransportAddress listen(NetServerOptions options) {
        NetServer listener = vertx.createNetServer(options).connectHandler(this::serve);
        listener.listen(0, "127.0.0.1").await();
        return new TransportAddress(address().ip(), listener.actualPort());
    }

    private void serve(NetSocket socket) {
        TransportAddress client = UdpSockets.addressOf(socket.remoteAddress());
        socket.handler(bytes -> server.onDatagram(address(), client, ByteBuffer.wrap(bytes.getBytes()))
                .forEach(sent -> socket.write(Buffer.buffer(sent.bytes()))));
    }

    @Override
    public void close() {
        List<Future<Void>> closing =
                sockets.values().stream().map(DatagramSocket::close).toList();
        Future.join(closing).await();
    }
}
