package dev.culvert.probe.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the classic format.
 *
 * <pre>
 * file:  magic, version, 8 bytes of zero, snap length, link type     (24 bytes)
 * frame: seconds, micro- or nanoseconds, captured length, length     (16 bytes), then the bytes
 * </pre>
 */
final class PcapReader {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int NANOSECONDS = 0xA1B23C4D;
    private static final int FILE_HEADER = 24;
    private static final int FRAME_HEADER = 16;

    private PcapReader() {}

    static boolean knows(int magic) {
        int swapped = Integer.reverseBytes(magic);
        return magic == MICROSECONDS || magic == NANOSECONDS || swapped == MICROSECONDS || swapped == NANOSECONDS;
    }

    static List<CapturedFrame> frames(byte[] bytes) throws CaptureException {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        if (bytes.length < FILE_HEADER) {
            throw new CaptureException("the pcap file ends within its header");
        }
        int magic = file.getInt(0);
        boolean bigEndian = magic == MICROSECONDS || magic == NANOSECONDS;
        file.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int nanosPerTick = file.getInt(0) == NANOSECONDS ? 1 : 1000;
        // The upper bits hold flags about a frame check sequence.
        int linkType = file.getInt(20) & 0xFFFF;
        List<CapturedFrame> frames = new ArrayList<>();
        file.position(FILE_HEADER);
        while (file.remaining() >= FRAME_HEADER) {
            long seconds = file.getInt() & 0xFFFF_FFFFL;
            long ticks = file.getInt() & 0xFFFF_FFFFL;
            int captured = file.getInt();
            file.getInt();
            if (captured < 0 || captured > file.remaining()) {
                return frames;
            }
            Instant time = Instant.ofEpochSecond(seconds, ticks * nanosPerTick);
            frames.add(new CapturedFrame(frames.size() + 1, time, linkType, file.slice(file.position(), captured)));
            file.position(file.position() + captured);
        }
        return frames;
    }
}
