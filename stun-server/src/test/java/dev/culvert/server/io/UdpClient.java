package dev.culvert.server.io;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A blocking UDP socket. */
final class UdpClient implements AutoCloseable {
    private final DatagramSocket socket;

    UdpClient(String ip) throws IOException {
        socket = new DatagramSocket(0, InetAddress.getByName(ip));
        socket.setSoTimeout(5_000);
    }

    TransportAddress local() {
        return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void send(byte[] bytes, TransportAddress to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to.toInetSocketAddress()));
    }

    Received receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.receive(packet);
        return new Received(Arrays.copyOf(packet.getData(), packet.getLength()), TransportAddress.of((InetSocketAddress)
                packet.getSocketAddress()));
    }

    @Override
    public void close() {
        socket.close();
    }

    /** A datagram and where it came from. */
    record Received(byte[] bytes, TransportAddress from) {
        StunMessage message() {
            StunMessage message = new StunMessage();
            Malformation malformation = message.wrap(ByteBuffer.wrap(bytes));
            if (malformation != Malformation.NONE) {
                throw new AssertionError(malformation);
            }
            return message;
        }
    }
}
