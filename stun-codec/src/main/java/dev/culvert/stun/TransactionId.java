package dev.culvert.stun;

import java.util.random.RandomGenerator;

/**
 * The identifier that ties a response to its request: 16 bytes, of which the first four are the magic cookie
 * (RFC 8489 §5) except in a classic message (RFC 3489 §11.1).
 *
 * @param high the magic cookie, or the first four bytes of a classic id, and the next four bytes
 * @param low the last eight bytes
 */
public record TransactionId(long high, long low) {
    /** The value of the first four bytes since RFC 5389. */
    public static final int MAGIC_COOKIE = 0x2112A442;

    /** A new id of 96 random bits; {@code random} must be unpredictable to others wherever a forged response matters. */
    public static TransactionId random(RandomGenerator random) {
        return new TransactionId((long) MAGIC_COOKIE << 32 | (random.nextInt() & 0xFFFF_FFFFL), random.nextLong());
    }

    /** Whether this is an id of RFC 3489, 128 bits without a cookie. */
    public boolean isClassic() {
        return (int) (high >>> 32) != MAGIC_COOKIE;
    }

    /** The id in hexadecimal: 24 digits, or 32 of a classic one. */
    @Override
    public String toString() {
        String digits = "%016x%016x".formatted(high, low);
        return isClassic() ? digits : digits.substring(8);
    }
}
