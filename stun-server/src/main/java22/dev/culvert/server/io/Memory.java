package dev.culvert.server.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory by its address, for what system calls read and write; numbers in the machine's order unless it says otherwise. */
final class Memory {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Memory() {}

    /** Zeroed memory, which is given back when the buffer is garbage. */
    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    static long addressOf(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct.duplicate().clear()).address();
    }

    static int getByte(long address) {
        return ALL.get(JAVA_BYTE, address) & 0xFF;
    }

    static int getShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address) & 0xFFFF;
    }

    static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    static void putShort(long address, int value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, (short) value);
    }

    static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }

    /** A number in network order. */
    static int getNetworkShort(long address) {
        int bits = getShort(address);
        return IS_LITTLE_ENDIAN ? Short.reverseBytes((short) bits) & 0xFFFF : bits;
    }

    static int getNetworkInt(long address) {
        int bits = getInt(address);
        return IS_LITTLE_ENDIAN ? Integer.reverseBytes(bits) : bits;
    }

    static long getNetworkLong(long address) {
        long bits = getLong(address);
        return IS_LITTLE_ENDIAN ? Long.reverseBytes(bits) : bits;
    }

    static void putNetworkShort(long address, int value) {
        putShort(address, IS_LITTLE_ENDIAN ? Short.reverseBytes((short) value) : value);
    }

    static void putNetworkInt(long address, int value) {
        putInt(address, IS_LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
    }

    static void putNetworkLong(long address, long value) {
        putLong(address, IS_LITTLE_ENDIAN ? Long.reverseBytes(value) : value);
    }
}
