package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cuts the bytes of a TCP or TLS connection into STUN and ChannelData messages. Mutable, owned by one thread, one for
 * each connection.
 *
 * <p>A message that lies whole in one chunk is handed on in place. Only the beginning of a message that continues in the
 * next chunk is copied, into a buffer that grows with what has arrived, never with what a length field claims.
 */
public final class StreamFrames {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LENGTH_FIELD_END = 4;
    private static final int INITIAL_CAPACITY = 512;

    /** A buffer that grew past this is let go as soon as it is empty. */
    private static final int KEPT_CAPACITY = 4096;

    private int maxLengthBytes;
    private ByteBuffer pending = NOTHING;
    private Malformation broken = Malformation.NONE;

    /** Takes the messages in the order of the stream. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * One whole message: {@code lengthBytes} bytes of {@code buffer} from {@code offset}, lent for this call.
         *
         * @param lengthBytes with ChannelData, the padding is counted
         */
        void onFrame(ByteBuffer buffer, int offset, int lengthBytes);
    }

    /**
     * A stream at its beginning.
     *
     * @param maxLengthBytes the longest message that is taken, header and padding included
     */
    public StreamFrames(int maxLengthBytes) {
        requireRoom(maxLengthBytes);
        this.maxLengthBytes = maxLengthBytes;
    }

    /** Takes messages of other lengths from the next one on, as the constructor says it. */
    public void allow(int newMaxLengthBytes) {
        requireRoom(newMaxLengthBytes);
        maxLengthBytes = newMaxLengthBytes;
    }

    private static void requireRoom(int maxLengthBytes) {
        if (maxLengthBytes < StunMessage.HEADER_LENGTH) {
            throw new IllegalArgumentException("a message has at least 20 bytes, more than " + maxLengthBytes);
        }
    }

    /**
     * Takes the bytes between position and limit of {@code chunk}, big-endian, and moves its position to the limit.
     *
     * @return {@link Malformation#NONE}, or why the stream cannot be cut any further: it must be closed, and every later
     *     call returns the same; messages before that point have been handed on
     */
    public Malformation feed(ByteBuffer chunk, Receiver receiver) {
        if (chunk.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer must be big-endian");
        }
        while (broken == Malformation.NONE && chunk.hasRemaining()) {
            if (pending.position() > 0) {
                continuePending(chunk, receiver);
            } else {
                takeWhole(chunk, receiver);
            }
        }
        if (broken != Malformation.NONE) {
            chunk.position(chunk.limit());
            pending = NOTHING;
        }
        return broken;
    }

    /** The bytes of an incomplete message that wait for the rest of it. */
    public int pendingBytes() {
        return pending.position();
    }

    private void takeWhole(ByteBuffer chunk, Receiver receiver) {
        int start = chunk.position();
        int available = chunk.remaining();
        int length = frameLength(chunk, start, available);
        if (broken != Malformation.NONE) {
            return;
        }
        if (length == 0 || length > available) {
            append(chunk, available);
            return;
        }
        chunk.position(start + length);
        receiver.onFrame(chunk, start, length);
    }

    private void continuePending(ByteBuffer chunk, Receiver receiver) {
        int length = frameLength(pending, 0, pending.position());
        int wanted = (length == 0 ? LENGTH_FIELD_END : length) - pending.position();
        append(chunk, Math.min(wanted, chunk.remaining()));
        // The length may have become known, and with it that the message is no good.
        length = frameLength(pending, 0, pending.position());
        if (broken != Malformation.NONE || length == 0 || pending.position() < length) {
            return;
        }
        receiver.onFrame(pending, 0, length);
        pending = pending.capacity() > KEPT_CAPACITY ? NOTHING : pending.clear();
    }

    /** The length of the message that begins at {@code start}; 0 while it is not known or when the stream is broken. */
    private int frameLength(ByteBuffer buffer, int start, int available) {
        byte first = buffer.get(start);
        boolean isChannelData = ChannelData.startsWith(first);
        if (!isChannelData && PacketKind.of(first) != PacketKind.STUN) {
            broken = Malformation.UNKNOWN_FRAME;
            return 0;
        }
        if (available < LENGTH_FIELD_END) {
            return 0;
        }
        int field = buffer.getShort(start + 2) & 0xFFFF;
        // RFC 8489 §5: the last two bits of the message length are always zero.
        if (!isChannelData && (field & 3) != 0) {
            broken = Malformation.UNALIGNED_LENGTH;
            return 0;
        }
        // RFC 8656 §12.5: over a stream, ChannelData is padded to a multiple of four bytes.
        int length = isChannelData ? ChannelData.streamLength(field) : StunMessage.HEADER_LENGTH + field;
        if (length > maxLengthBytes) {
            broken = Malformation.FRAME_TOO_LONG;
            return 0;
        }
        return length;
    }

    private void append(ByteBuffer chunk, int count) {
        int needed = pending.position() + count;
        if (needed > pending.capacity()) {
            int capacity = Math.max(INITIAL_CAPACITY, Integer.highestOneBit(needed - 1) << 1);
            pending = ByteBuffer.allocate(capacity).put(pending.flip());
        }
        int at = pending.position();
        pending.put(at, chunk, chunk.position(), count).position(at + count);
        chunk.position(chunk.position() + count);
    }
}
