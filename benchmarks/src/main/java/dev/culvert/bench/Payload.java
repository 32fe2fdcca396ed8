package dev.culvert.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Writes and checks application data. Mutable, owned by one thread; one for each length.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |               CRC-32C of all that follows                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        flow number                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 sequence number (64 bits)                     |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     the same random bytes                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Payload implements Packet {
    static final int MIN_LENGTH = 16;

    private static final int FLOW = 4;
    private static final int SEQUENCE = 8;

    private final ByteBuffer bytes;
    private final CRC32C crc = new CRC32C();

    Payload(int lengthBytes) {
        if (lengthBytes < MIN_LENGTH) {
            throw new IllegalArgumentException("a payload has at least 16 bytes, not " + lengthBytes);
        }
        byte[] random = new byte[lengthBytes];
        new SplittableRandom(lengthBytes).nextBytes(random);
        bytes = ByteBuffer.allocateDirect(lengthBytes).put(random);
    }

    @Override
    public int lengthBytes() {
        return bytes.capacity();
    }

    @Override
    public ByteBuffer write(int flow, long sequence) {
        bytes.clear().putInt(FLOW, flow).putLong(SEQUENCE, sequence).position(FLOW);
        crc.reset();
        crc.update(bytes);
        return bytes.putInt(0, (int) crc.getValue()).rewind();
    }

    /** The flow whose payload this is; -1 where the bytes are none, or not as they were sent. */
    static int flowOf(ByteBuffer received, int offset, int lengthBytes, CRC32C crc) {
        if (lengthBytes < MIN_LENGTH) {
            return -1;
        }
        crc.reset();
        crc.update(received.duplicate().limit(offset + lengthBytes).position(offset + FLOW));
        return (int) crc.getValue() == received.getInt(offset) ? received.getInt(offset + FLOW) : -1;
    }

    static long sequenceOf(ByteBuffer received, int offset) {
        return received.getLong(offset + SEQUENCE);
    }
}
