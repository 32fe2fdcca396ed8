package dev.culvert.stun;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes that mean nothing to the codec: a token, a hash, application data. */
public final class Octets {
    private static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** No bytes. */
    public static Octets empty() {
        return EMPTY;
    }

    /** A copy of {@code bytes}. */
    public static Octets of(byte... bytes) {
        return new Octets(bytes.clone());
    }

    /** The bytes that {@code hex} writes, two digits each. */
    public static Octets ofHex(String hex) {
        return new Octets(HexFormat.of().parseHex(hex));
    }

    /** These very bytes, which nobody else may hold. */
    static Octets owning(byte[] bytes) {
        return new Octets(bytes);
    }

    /** The bytes themselves, which nobody may change. */
    byte[] unsafeBytes() {
        return bytes;
    }

    public int lengthBytes() {
        return bytes.length;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
