package dev.culvert.relay.it;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.PacketKind;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** How whole messages go to a server and come from it. */
interface Wire extends AutoCloseable {
    void send(ByteBuffer message) throws IOException;

    /** Waits for the next message; an error when there will be none. */
    ByteBuffer receive() throws IOException;

    /** Sets DSCP and ECN of all that is sent from now on. */
    void setTrafficClass(int bits) throws IOException;

    /** Whether a message may be lost. */
    boolean isLossy();

    @Override
    void close() throws IOException;

    static Wire udp(TransportAddress server) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(server.toInetSocketAddress());
        socket.setReceiveBufferSize(4 << 20);
        return new Wire() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                socket.send(new DatagramPacket(message.array(), message.remaining()));
            }

            @Override
            public ByteBuffer receive() throws IOException {
                DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
                while (true) {
                    try {
                        socket.receive(packet);
                        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
                    } catch (PortUnreachableException e) {
                        packet.setLength(1 << 16);
                    }
                }
            }

            @Override
            public void setTrafficClass(int bits) throws IOException {
                socket.setTrafficClass(bits);
            }

            @Override
            public boolean isLossy() {
                return true;
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    static Wire tcp(TransportAddress server) throws IOException {
        Socket socket = new Socket(server.ip().toInetAddress(), server.port());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return new Wire() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                socket.getOutputStream().write(message.array(), 0, message.remaining());
            }

            @Override
            public ByteBuffer receive() throws IOException {
                byte[] head = in.readNBytes(4);
                if (head.length < 4) {
                    throw new EOFException();
                }
                ByteBuffer length = ByteBuffer.wrap(head);
                int dataBytes = Short.toUnsignedInt(length.getShort(2));
                int whole = PacketKind.of(head[0]) == PacketKind.TURN_CHANNEL
                        ? ChannelData.streamLength(dataBytes)
                        : StunMessage.HEADER_LENGTH + dataBytes;
                ByteBuffer message = ByteBuffer.allocate(whole).put(head);
                in.readFully(message.array(), 4, whole - 4);
                return message.clear();
            }

            @Override
            public void setTrafficClass(int bits) throws IOException {
                socket.setTrafficClass(bits);
            }

            @Override
            public boolean isLossy() {
                return false;
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}
