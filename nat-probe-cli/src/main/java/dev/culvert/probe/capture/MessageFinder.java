package dev.culvert.probe.capture;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the STUN and ChannelData messages among all packets of a capture, on whatever ports they go. */
public final class MessageFinder {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;
    private static final int TCP_HEADER = 20;

    private final List<CapturedMessage> messages = new ArrayList<>();
    private final Map<Flow, TcpStream> streams = new HashMap<>();

    /** Pairs of endpoints between which STUN was seen: only there do four bytes look like ChannelData by intention. */
    private final Set<Set<TransportAddress>> stunPairs = new HashSet<>();

    record Flow(TransportAddress source, TransportAddress destination) {}

    private MessageFinder() {}

    /** All messages in {@code frames}, in their order. */
    public static List<CapturedMessage> messages(List<CapturedFrame> frames) {
        MessageFinder finder = new MessageFinder();
        for (CapturedFrame frame : frames) {
            LinkLayer.ipPacket(frame.linkType(), frame.bytes())
                    .flatMap(IpPacket::read)
                    .ifPresent(packet -> finder.onPacket(frame, packet));
        }
        return finder.messages;
    }

    private void onPacket(CapturedFrame frame, IpPacket packet) {
        ByteBuffer segment = packet.payload();
        if (packet.protocol() == UDP && segment.limit() >= UDP_HEADER) {
            onDatagram(frame, flow(packet), segment.slice(UDP_HEADER, segment.limit() - UDP_HEADER));
        }
        if (packet.protocol() == TCP && segment.limit() >= TCP_HEADER) {
            onSegment(frame, flow(packet), segment);
        }
    }

    private static Flow flow(IpPacket packet) {
        ByteBuffer ports = packet.payload();
        return new Flow(
                new TransportAddress(packet.source(), ports.getShort(0) & 0xFFFF),
                new TransportAddress(packet.destination(), ports.getShort(2) & 0xFFFF));
    }

    private void onDatagram(CapturedFrame frame, Flow flow, ByteBuffer payload) {
        Set<TransportAddress> pair = Set.copyOf(List.of(flow.source(), flow.destination()));
        if (isStun(payload)) {
            stunPairs.add(pair);
            add(frame, flow, false, payload);
        } else if (isChannelData(payload) && stunPairs.contains(pair)) {
            add(frame, flow, false, payload);
        }
    }

    private void onSegment(CapturedFrame frame, Flow flow, ByteBuffer segment) {
        int header = (segment.get(12) >> 4 & 0xF) * 4;
        if (header < TCP_HEADER || header > segment.limit()) {
            return;
        }
        boolean syn = (segment.get(13) & 0x02) != 0;
        ByteBuffer payload = segment.slice(header, segment.limit() - header);
        TcpStream stream = streams.computeIfAbsent(flow, unused -> new TcpStream());
        stream.onSegment(segment.getInt(4), syn, payload, message -> add(frame, flow, true, message));
    }

    private void add(CapturedFrame frame, Flow flow, boolean tcp, ByteBuffer bytes) {
        messages.add(new CapturedMessage(frame.number(), frame.time(), tcp, flow.source(), flow.destination(), bytes));
    }

    /** Whether these bytes are a ChannelData message, also one with a number of RFC 5766. */
    private static boolean isChannelData(ByteBuffer bytes) {
        return new ChannelData().wrap(bytes) == Malformation.NONE;
    }

    /** Whether these bytes are one whole STUN message, with the magic cookie or of a method that RFC 3489 had. */
    static boolean isStun(ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        if (message.wrap(bytes) != Malformation.NONE) {
            return false;
        }
        boolean classicMethod = message.method() == StunMethod.BINDING || message.method() == StunMethod.SHARED_SECRET;
        return !message.isClassic() || classicMethod;
    }
}
