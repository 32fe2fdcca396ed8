package dev.culvert.probe.capture;

import java.nio.ByteBuffer;
import java.util.List;

/** Reads capture files of both formats. */
public final class CaptureFile {
    private CaptureFile() {}

    /** Whether {@code bytes} begin as a pcap or pcapng file does. */
    public static boolean looksLike(byte[] bytes) {
        if (bytes.length < 4) {
            return false;
        }
        int magic = ByteBuffer.wrap(bytes).getInt();
        return magic == PcapngReader.SECTION_HEADER || PcapReader.knows(magic);
    }

    /** The frames of a pcap or pcapng file, those before a truncated end. */
    public static List<CapturedFrame> frames(byte[] bytes) throws CaptureException {
        int magic = ByteBuffer.wrap(bytes).getInt();
        return magic == PcapngReader.SECTION_HEADER ? new PcapngReader(bytes).frames() : PcapReader.frames(bytes);
    }
}
