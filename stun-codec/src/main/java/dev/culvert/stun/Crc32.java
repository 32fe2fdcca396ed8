package dev.culvert.stun;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** The CRC-32 behind FINGERPRINT (RFC 8489 §14.7). Mutable, owned by one thread. */
final class Crc32 {
    private static final int FINGERPRINT_MASK = 0x5354554E;

    private final CRC32 crc = new CRC32();
    private final byte[] chunk = new byte[512];

    /** The value of a FINGERPRINT that follows the bytes from {@code start} to {@code end}; moves no index. */
    int fingerprint(ByteBuffer bytes, int start, int end) {
        crc.reset();
        for (int at = start; at < end; at += chunk.length) {
            int length = Math.min(chunk.length, end - at);
            bytes.get(at, chunk, 0, length);
            crc.update(chunk, 0, length);
        }
        return (int) crc.getValue() ^ FINGERPRINT_MASK;
    }
}
