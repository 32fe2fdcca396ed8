package dev.culvert.relay.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.ChannelData;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Octets;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client of plain sockets that sends whatever a test wants, one message or several at once. */
final class RelayClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MAX_BYTES = 1 << 16;

    private final Line line;
    private long transactions;

    /** What carries messages. */
    private interface Line extends AutoCloseable {
        void send(byte[] bytes) throws IOException;

        byte[] receive() throws IOException;

        @Override
        void close() throws IOException;
    }

    private RelayClient(Line line) {
        this.line = line;
    }

    static RelayClient to(OpenRelay relay, Transport transport) throws IOException {
        TransportAddress server = relay.address(transport);
        return new RelayClient(transport == Transport.UDP ? udp(server) : tcp(server));
    }

    private static Line udp(TransportAddress server) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        socket.connect(server.toInetSocketAddress());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new Line() {
            @Override
            public void send(byte[] bytes) throws IOException {
                socket.send(new DatagramPacket(bytes, bytes.length));
            }

            @Override
            public byte[] receive() throws IOException {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
                socket.receive(packet);
                return Arrays.copyOf(packet.getData(), packet.getLength());
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    private static Line tcp(TransportAddress server) throws IOException {
        Socket socket = new Socket(server.ip().toInetAddress(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return new Line() {
            @Override
            public void send(byte[] bytes) throws IOException {
                socket.getOutputStream().write(bytes);
            }

            @Override
            public byte[] receive() throws IOException {
                byte[] head = in.readNBytes(4);
                if (head.length < 4) {
                    throw new EOFException("closed by the server");
                }
                int field = ByteBuffer.wrap(head).getShort(2) & 0xFFFF;
                boolean isChannelData = (head[0] & 0xC0) == 0x40;
                int length = isChannelData ? ChannelData.streamLength(field) : StunMessage.HEADER_LENGTH + field;
                return concat(head, in.readNBytes(length - head.length));
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    byte[] request(int method, Attribute... attributes) {
        return encode(MessageClass.REQUEST, method, List.of(attributes));
    }

    byte[] allocateRequest(Attribute... more) {
        List<Attribute> all = new ArrayList<>(List.of(new RequestedTransport(RequestedTransport.UDP)));
        all.addAll(List.of(more));
        return encode(MessageClass.REQUEST, StunMethod.ALLOCATE, all);
    }

    byte[] refreshRequest(long seconds) {
        return request(StunMethod.REFRESH, new Lifetime(seconds));
    }

    byte[] sendIndication(TransportAddress peer, byte[] data) {
        return encode(
                MessageClass.INDICATION, StunMethod.SEND, List.of(new XorPeerAddress(peer), new Data(Octets.of(data))));
    }

    /** Without padding where there is nothing behind it that needs alignment. */
    byte[] channelData(int number, byte[] data, int paddingBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(ChannelData.HEADER_LENGTH + data.length + paddingBytes);
        ChannelData.writeHeader(buffer, number, data.length);
        return buffer.put(data).array();
    }

    private byte[] encode(MessageClass messageClass, int method, List<Attribute> attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * MAX_BYTES);
        TransactionId id = new TransactionId((long) TransactionId.MAGIC_COOKIE << 32, ++transactions);
        StunWriter writer = new StunWriter().begin(buffer, messageClass, method, id);
        attributes.forEach(writer::add);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    void send(byte[] bytes) throws IOException {
        line.send(bytes);
    }

    byte[] receive() throws IOException {
        return line.receive();
    }

    StunMessage receiveMessage() throws IOException {
        StunMessage message = new StunMessage();
        message.wrap(ByteBuffer.wrap(receive()));
        return message;
    }

    /** Sends a request and returns its answer, which is the next message. */
    StunMessage ask(byte[] request) throws IOException {
        send(request);
        return receiveMessage();
    }

    /** Gets an allocation and returns its relayed address. */
    TransportAddress allocate(Attribute... more) throws IOException {
        return granted(ask(allocateRequest(more)))
                .get(XorRelayedAddress.TYPE)
                .orElseThrow()
                .address();
    }

    void permit(TransportAddress peer) throws IOException {
        granted(ask(request(StunMethod.CREATE_PERMISSION, new XorPeerAddress(peer))));
    }

    void bind(int number, TransportAddress peer) throws IOException {
        granted(ask(request(StunMethod.CHANNEL_BIND, new ChannelNumber(number), new XorPeerAddress(peer))));
    }

    void deleteAllocation() throws IOException {
        granted(ask(refreshRequest(0)));
    }

    private static StunMessage granted(StunMessage answer) {
        if (answer.messageClass() != MessageClass.SUCCESS_RESPONSE) {
            throw new AssertionError("refused with " + answer.get(ErrorCode.TYPE));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
