package dev.culvert.probe.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pcapng: blocks of type, total length, body, total length again.
 *
 * <p>Section headers, interface descriptions, enhanced, simple and obsolete packet blocks are read, all others skipped.
 */
final class PcapngReader {
    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int OPTION_RESOLUTION = 9;
    private static final int SMALLEST_BLOCK = 12;

    private final ByteBuffer file;
    private final List<Interface> interfaces = new ArrayList<>();
    private final List<CapturedFrame> frames = new ArrayList<>();

    private record Interface(int linkType, double ticksPerSecond) {}

    PcapngReader(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
    }

    List<CapturedFrame> frames() throws CaptureException {
        while (file.remaining() >= SMALLEST_BLOCK) {
            int start = file.position();
            if (file.getInt(start) == SECTION_HEADER) {
                beginSection(start);
            }
            int type = file.getInt(start);
            int length = file.getInt(start + 4);
            if (length < SMALLEST_BLOCK || (length & 3) != 0) {
                throw new CaptureException("a pcapng block at byte " + start + " claims " + length + " bytes");
            }
            if (length > file.remaining()) {
                return frames;
            }
            readBlock(type, file.slice(start + 8, length - SMALLEST_BLOCK).order(file.order()));
            file.position(start + length);
        }
        return frames;
    }

    private void beginSection(int start) throws CaptureException {
        int magic = file.order(ByteOrder.BIG_ENDIAN).getInt(start + 8);
        if (magic != BYTE_ORDER_MAGIC && Integer.reverseBytes(magic) != BYTE_ORDER_MAGIC) {
            throw new CaptureException("the pcapng section at byte " + start + " has no byte order");
        }
        file.order(magic == BYTE_ORDER_MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        interfaces.clear();
    }

    private void readBlock(int type, ByteBuffer body) {
        switch (type) {
            case INTERFACE_DESCRIPTION -> readInterface(body);
            case ENHANCED_PACKET -> readPacket(body, body.remaining() < 20 ? -1 : body.getInt(0));
            case OBSOLETE_PACKET -> readPacket(body, body.remaining() < 20 ? -1 : body.getShort(0) & 0xFFFF);
            case SIMPLE_PACKET -> readSimplePacket(body);
            default -> {
                // Statistics, name resolution and the like say nothing about packets.
            }
        }
    }

    private void readInterface(ByteBuffer body) {
        if (body.remaining() < 8) {
            return;
        }
        int linkType = body.getShort(0) & 0xFFFF;
        double ticksPerSecond = 1e6;
        int at = 8;
        while (at + 4 <= body.limit()) {
            int option = body.getShort(at) & 0xFFFF;
            int length = body.getShort(at + 2) & 0xFFFF;
            if (option == OPTION_RESOLUTION && length == 1 && at + 4 < body.limit()) {
                int resolution = body.get(at + 4);
                ticksPerSecond = resolution < 0 ? Math.pow(2, resolution & 0x7F) : Math.pow(10, resolution);
            }
            at += 4 + (length + 3 & ~3);
        }
        interfaces.add(new Interface(linkType, ticksPerSecond));
    }

    private void readPacket(ByteBuffer body, int interfaceId) {
        if (interfaceId < 0 || interfaceId >= interfaces.size()) {
            return;
        }
        Interface from = interfaces.get(interfaceId);
        long ticks = (body.getInt(4) & 0xFFFF_FFFFL) << 32 | (body.getInt(8) & 0xFFFF_FFFFL);
        double seconds = ticks / from.ticksPerSecond();
        long wholeSeconds = (long) Math.floor(seconds);
        Instant time = Instant.ofEpochSecond(wholeSeconds, (long) ((seconds - wholeSeconds) * 1e9));
        add(body, 20, body.getInt(12), time, from.linkType());
    }

    private void readSimplePacket(ByteBuffer body) {
        if (!interfaces.isEmpty() && body.remaining() >= 4) {
            int captured = Math.min(body.getInt(0), body.remaining() - 4);
            add(body, 4, captured, Instant.EPOCH, interfaces.get(0).linkType());
        }
    }

    private void add(ByteBuffer body, int start, int captured, Instant time, int linkType) {
        if (captured >= 0 && captured <= body.limit() - start) {
            frames.add(new CapturedFrame(frames.size() + 1, time, linkType, body.slice(start, captured)));
        }
    }
}
