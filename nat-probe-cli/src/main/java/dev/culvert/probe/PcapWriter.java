package dev.culvert.probe;

import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes messages as a capture file, each in IP and UDP or TCP headers made up for it.
 *
 * <p>Messages over TCP become segments of a stream without a handshake; those inside TLS are written as if they had gone
 * over TCP in the clear.
 */
final class PcapWriter implements PacketTap, Closeable {
    private static final int MAGIC = 0xA1B2C3D4;
    private static final int LINKTYPE_RAW = 101;
    private static final int SNAP_LENGTH = 65_535;
    private static final int UDP = 17;
    private static final int TCP = 6;
    private static final int UDP_HEADER = 8;
    private static final int TCP_HEADER = 20;

    private final OutputStream out;
    private final Map<Flow, Integer> sequences = new HashMap<>();

    private record Flow(TransportAddress from, TransportAddress to) {}

    private PcapWriter(OutputStream out) throws IOException {
        this.out = out;
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putInt(MAGIC)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(SNAP_LENGTH)
                .putInt(LINKTYPE_RAW);
        out.write(header.array());
    }

    /** Creates {@code file}, or empties it. */
    static PcapWriter create(Path file) throws IOException {
        return new PcapWriter(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    @Override
    public void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes) {
        boolean sent = direction == Direction.SENT;
        Flow flow = sent ? new Flow(local, remote) : new Flow(remote, local);
        try {
            write(packet(flow, transport != Transport.UDP, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ByteBuffer packet) throws IOException {
        Instant now = Instant.now();
        ByteBuffer header = ByteBuffer.allocate(16);
        header.putInt((int) now.getEpochSecond()).putInt(now.getNano() / 1000);
        header.putInt(packet.remaining()).putInt(packet.remaining());
        out.write(header.array());
        out.write(packet.array(), 0, packet.remaining());
    }

    private ByteBuffer packet(Flow flow, boolean tcp, ByteBuffer payload) {
        int segmentLength = (tcp ? TCP_HEADER : UDP_HEADER) + payload.remaining();
        IpAddress from = flow.from().ip();
        ByteBuffer packet = ByteBuffer.allocate((from.isIpv4() ? 20 : 40) + segmentLength);
        putIpHeader(packet, flow, tcp ? TCP : UDP, segmentLength);
        int segment = packet.position();
        if (tcp) {
            putTcpHeader(packet, flow, payload.remaining());
        } else {
            packet.putShort((short) flow.from().port())
                    .putShort((short) flow.to().port());
            packet.putShort((short) segmentLength).putShort((short) 0);
        }
        packet.put(payload.duplicate());
        int checksum = checksum(
                packet.duplicate().flip().position(segment), pseudoHeaderSum(flow, tcp ? TCP : UDP, segmentLength));
        // RFC 768: a checksum of zero is sent as all ones.
        packet.putShort(segment + (tcp ? 16 : 6), (short) (!tcp && checksum == 0 ? 0xFFFF : checksum));
        return packet.flip();
    }

    private static void putIpHeader(ByteBuffer packet, Flow flow, int protocol, int segmentLength) {
        IpAddress from = flow.from().ip();
        IpAddress to = flow.to().ip();
        if (!from.isIpv4()) {
            packet.putInt(6 << 28)
                    .putShort((short) segmentLength)
                    .put((byte) protocol)
                    .put((byte) 64);
            packet.put(from.toBytes()).put(to.toBytes());
            return;
        }
        packet.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (20 + segmentLength))
                .putInt(0x4000);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.put(from.toBytes()).put(to.toBytes());
        packet.putShort(10, (short) checksum(packet.duplicate().flip(), 0));
    }

    private void putTcpHeader(ByteBuffer packet, Flow flow, int payloadLength) {
        int sequence = sequences.getOrDefault(flow, 1);
        sequences.put(flow, sequence + payloadLength);
        int acknowledged = sequences.getOrDefault(new Flow(flow.to(), flow.from()), 1);
        packet.putShort((short) flow.from().port()).putShort((short) flow.to().port());
        packet.putInt(sequence).putInt(acknowledged);
        packet.put((byte) 0x50).put((byte) 0x18).putShort((short) 0xFFFF).putInt(0);
    }

    private static long pseudoHeaderSum(Flow flow, int protocol, int segmentLength) {
        ByteBuffer pseudo = ByteBuffer.allocate(40);
        pseudo.put(flow.from().ip().toBytes())
                .put(flow.to().ip().toBytes())
                .putInt(segmentLength)
                .putInt(protocol);
        return sum(pseudo.flip());
    }

    /** The Internet checksum (RFC 1071) of what remains of {@code bytes}. */
    private static int checksum(ByteBuffer bytes, long initial) {
        long sum = initial + sum(bytes);
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) (~sum & 0xFFFF);
    }

    private static long sum(ByteBuffer bytes) {
        long sum = 0;
        while (bytes.remaining() > 1) {
            sum += bytes.getShort() & 0xFFFF;
        }
        return bytes.hasRemaining() ? sum + ((bytes.get() & 0xFF) << 8) : sum;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
