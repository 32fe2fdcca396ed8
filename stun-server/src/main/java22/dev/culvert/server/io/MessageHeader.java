package dev.culvert.server.io;

/** {@code struct mmsghdr}, {@code struct iovec} and {@code struct cmsghdr} of 64-bit Linux (recvmmsg(2), cmsg(3)). */
final class MessageHeader {
    static final int LENGTH = 64;
    static final int VECTOR_LENGTH = 16;
    static final int CONTROL_HEADER_LENGTH = 16;

    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTORS = 16;
    private static final int VECTORS_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int BYTES = 56;

    private MessageHeader() {}

    static void setName(long header, long name, int length) {
        Memory.putLong(header + NAME, name);
        Memory.putInt(header + NAME_LENGTH, length);
    }

    static void setVectors(long header, long vectors, int count) {
        Memory.putLong(header + VECTORS, vectors);
        Memory.putLong(header + VECTORS_LENGTH, count);
    }

    static long vectors(long header) {
        return Memory.getLong(header + VECTORS);
    }

    static int vectorsLength(long header) {
        return (int) Memory.getLong(header + VECTORS_LENGTH);
    }

    static long vectorAddress(long vector) {
        return Memory.getLong(vector);
    }

    static int vectorBytes(long vector) {
        return (int) Memory.getLong(vector + 8);
    }

    static long name(long header) {
        return Memory.getLong(header + NAME);
    }

    static int nameLength(long header) {
        return Memory.getInt(header + NAME_LENGTH);
    }

    static void setControl(long header, long control, int length) {
        Memory.putLong(header + CONTROL, control);
        Memory.putLong(header + CONTROL_LENGTH, length);
    }

    /** Makes room for what the kernel shortened when it last filled {@code header}. */
    static void reset(long header, int nameLength, int controlLength) {
        Memory.putInt(header + NAME_LENGTH, nameLength);
        Memory.putLong(header + CONTROL_LENGTH, controlLength);
    }

    static int controlLength(long header) {
        return (int) Memory.getLong(header + CONTROL_LENGTH);
    }

    static long control(long header) {
        return Memory.getLong(header + CONTROL);
    }

    static int flags(long header) {
        return Memory.getInt(header + FLAGS);
    }

    /** How many bytes were received. */
    static int bytes(long header) {
        return Memory.getInt(header + BYTES);
    }

    static void setVector(long vector, long address, int length) {
        Memory.putLong(vector, address);
        Memory.putLong(vector + 8, length);
    }

    /** Writes the header of ancillary data of {@code dataLength} bytes, which stand behind it. */
    static void setControlHeader(long control, int dataLength, int level, int type) {
        Memory.putLong(control, CONTROL_HEADER_LENGTH + dataLength);
        Memory.putInt(control + 8, level);
        Memory.putInt(control + 12, type);
    }

    /** Writes ancillary data of one number; returns how many bytes it takes. */
    static int writeControl(long control, int level, int type, int value) {
        setControlHeader(control, Integer.BYTES, level, type);
        Memory.putInt(control + CONTROL_HEADER_LENGTH, value);
        return CONTROL_HEADER_LENGTH + Long.BYTES;
    }

    /** The length of the ancillary data at {@code control} with its header, without padding. */
    static int controlHeaderLength(long control) {
        return (int) Memory.getLong(control);
    }

    static boolean isControl(long control, int level, int type) {
        return Memory.getInt(control + 8) == level && Memory.getInt(control + 12) == type;
    }
}
