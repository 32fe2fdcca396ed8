package dev.culvert.probe.capture;

import dev.culvert.stun.Malformation;
import dev.culvert.stun.StreamFrames;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One direction of a TCP connection: puts segments in order and cuts the stream into messages. */
final class TcpStream {
    private static final int MAX_MESSAGE = 65_536 + 20;

    /** Segments that wait for a missing one; more means that it was not captured. */
    private static final int MAX_WAITING = 256;

    private final StreamFrames frames = new StreamFrames(MAX_MESSAGE);
    private final Map<Integer, ByteBuffer> waiting = new TreeMap<>((a, b) -> a - b);
    private boolean begun;
    private boolean isStun;
    private boolean hopeless;
    private int nextSequence;

    void onSegment(int sequence, boolean syn, ByteBuffer payload, Consumer<ByteBuffer> onMessage) {
        if (syn) {
            begun = true;
            nextSequence = sequence + 1;
            return;
        }
        if (hopeless || !payload.hasRemaining()) {
            return;
        }
        if (!begun) {
            begun = true;
            nextSequence = sequence;
        }
        waiting.putIfAbsent(sequence, payload);
        takeInOrder(onMessage);
        hopeless |= waiting.size() > MAX_WAITING;
    }

    private void takeInOrder(Consumer<ByteBuffer> onMessage) {
        var segments = waiting.entrySet().iterator();
        while (segments.hasNext()) {
            var segment = segments.next();
            int overlap = nextSequence - segment.getKey();
            if (overlap < 0) {
                return;
            }
            segments.remove();
            ByteBuffer payload = segment.getValue();
            if (overlap < payload.remaining()) {
                nextSequence = segment.getKey() + payload.remaining();
                take(payload.slice(overlap, payload.remaining() - overlap), onMessage);
            }
        }
    }

    private void take(ByteBuffer bytes, Consumer<ByteBuffer> onMessage) {
        Malformation malformation = frames.feed(bytes, (buffer, offset, length) -> {
            byte[] copy = new byte[length];
            buffer.get(offset, copy);
            ByteBuffer message = ByteBuffer.wrap(copy);
            // Any protocol may begin with a byte that looks like ChannelData; one that is meant begins with STUN.
            isStun |= MessageFinder.isStun(message);
            if (isStun) {
                onMessage.accept(message);
            }
        });
        hopeless |= malformation != Malformation.NONE;
    }
}
