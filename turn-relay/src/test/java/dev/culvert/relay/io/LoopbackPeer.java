package dev.culvert.relay.io;

import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** A peer at an address that is not the server's own. */
final class LoopbackPeer implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 16;
    private final DatagramSocket socket;

    LoopbackPeer() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        socket.setReceiveBufferSize(8 << 20);
        socket.setSoTimeout(5_000);
    }

    TransportAddress address() {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    byte[] receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    void send(byte[] bytes, TransportAddress relayed) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, relayed.toInetSocketAddress()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
