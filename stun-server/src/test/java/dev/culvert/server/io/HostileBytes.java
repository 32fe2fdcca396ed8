package dev.culvert.server.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Bytes that no honest client sends, from a seed: noise, and requests with something done to them. */
final class HostileBytes {
    private static final int[] TYPES = {
        0x0001, 0x0002, 0x0003, 0x0006, 0x0008, 0x0009, 0x0014, 0x001C, 0x0020, 0x0024, 0x0026, 0x0027, 0x7FFF, 0x8022,
        0x8028, 0x802B, 0x802C, 0xC0F0, 0xFFFF
    };

    private final Random random;

    HostileBytes(long seed) {
        random = new Random(seed);
    }

    /** One datagram: anything. */
    byte[] datagram() {
        return switch (random.nextInt(8)) {
            case 0 -> noise(random.nextInt(1500));
            case 1 -> noise(random.nextInt(24));
            case 2 -> random.nextInt(50) == 0 ? noise(60_000 + random.nextInt(5_500)) : noise(2_000);
            case 3 -> cut(frame());
            case 4, 5 -> flipped(frame());
            default -> frame();
        };
    }

    /** One message that a stream can be cut at, whatever is inside. */
    byte[] frame() {
        ByteBuffer message = ByteBuffer.allocate(3_000);
        message.putShort((short) (random.nextInt(4) == 0 ? random.nextInt(0x0400) : 0x0001));
        message.putShort((short) 0).putInt(random.nextInt(8) == 0 ? random.nextInt() : 0x2112A442);
        message.putLong(random.nextLong()).putInt(random.nextInt());
        int attributes = random.nextInt(6);
        for (int i = 0; i < attributes; i++) {
            attribute(message);
        }
        message.putShort(2, (short) (message.position() - 20));
        return Arrays.copyOf(message.array(), message.position());
    }

    /** A message that ends a stream: its bytes are not STUN, or too long, or lie about their attributes. */
    byte[] brokenFrame() {
        byte[] frame = frame();
        switch (random.nextInt(4)) {
            case 0 -> frame[0] |= (byte) 0x80;
            case 1 -> frame[3] |= 1;
            case 2 -> frame[2] = (byte) 0x7F;
            default ->
                frame = new byte[] {
                    0, 1, 0, 4, 0x21, 0x12, (byte) 0xA4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 99
                };
        }
        return frame;
    }

    byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void attribute(ByteBuffer message) {
        int length = random.nextInt(10) == 0 ? random.nextInt(400) : random.nextInt(13);
        message.putShort((short) TYPES[random.nextInt(TYPES.length)]).putShort((short) length);
        message.put(noise(length + 3 & ~3));
    }

    private byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 40));
    }

    private byte[] flipped(byte[] bytes) {
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
