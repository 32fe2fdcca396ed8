package dev.culvert.ice.diagnosis;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Numbered datagrams of one measurement, told from all others by a random number.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Measurement                           |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Number                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Zeros up to the length                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
record ProbePayload(long measurement, int lengthBytes) {
    static final int MIN_LENGTH = 12;

    ProbePayload {
        if (lengthBytes < MIN_LENGTH) {
            throw new IllegalArgumentException("a payload has at least 12 bytes, not " + lengthBytes);
        }
    }

    ByteBuffer number(int number) {
        return ByteBuffer.allocate(lengthBytes).putLong(0, measurement).putInt(8, number);
    }

    /** The number in {@code payload}; empty where that is not of this measurement. */
    OptionalInt numberIn(ByteBuffer payload) {
        int at = payload.position();
        boolean isOurs = payload.remaining() == lengthBytes && payload.getLong(at) == measurement;
        return isOurs ? OptionalInt.of(payload.getInt(at + 8)) : OptionalInt.empty();
    }
}
