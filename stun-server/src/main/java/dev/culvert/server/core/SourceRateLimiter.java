package dev.culvert.server.core;

import dev.culvert.server.config.SourcePrefix;
import dev.culvert.stun.IpAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Token buckets per source prefix (/24, /56) in a table whose size never changes. Shared by all threads without locks.
 *
 * <p>A bucket is one number, as a {@link TokenBucket} is. Prefixes are spread over the table by a keyed hash, so that nobody outside can choose whose bucket
 * they share.
 */
public final class SourceRateLimiter {
    private static final int BUCKETS = 1 << 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final AtomicLongArray fullAtNanos;

    /** Buckets start at 0, so times count from here; any clock origin, even a negative one, will do. */
    private final long startNanos;

    private final long intervalNanos;
    private final long burstNanos;
    private final long key;

    private SourceRateLimiter(int buckets, long intervalNanos, long burstNanos, long key, long startNanos) {
        this.fullAtNanos = new AtomicLongArray(buckets);
        this.intervalNanos = intervalNanos;
        this.burstNanos = burstNanos;
        this.key = key;
        this.startNanos = startNanos;
    }

    /**
     * A limiter whose buckets are full at first.
     *
     * @param perSecond tokens that a bucket gains per second, 1 to 1,000,000,000
     * @param burst tokens that a bucket holds, at least 1
     * @param key random, and unknown to anyone outside
     * @param nowNanos the time of the same clock that {@link #admits} is given
     */
    public static SourceRateLimiter of(int perSecond, int burst, long key, long nowNanos) {
        if (perSecond < 1 || perSecond > NANOS_PER_SECOND || burst < 1) {
            throw new IllegalArgumentException("a rate is at least 1/s with burst 1, not " + perSecond + "/" + burst);
        }
        long intervalNanos = NANOS_PER_SECOND / perSecond;
        return new SourceRateLimiter(BUCKETS, intervalNanos, intervalNanos * burst, key, nowNanos);
    }

    /** A limiter that admits everything. */
    public static SourceRateLimiter unlimited() {
        return new SourceRateLimiter(0, 0, 0, 0, 0);
    }

    /** Takes a token of the prefix of {@code source}; false where there is none. */
    public boolean admits(IpAddress source, long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        long now = nowNanos - startNanos;
        int bucket = bucket(source);
        while (true) {
            long fullAt = fullAtNanos.get(bucket);
            long next = TokenBucket.fullAtNanos(fullAt, intervalNanos, now);
            if (next - now > burstNanos) {
                return false;
            }
            if (fullAtNanos.compareAndSet(bucket, fullAt, next)) {
                return true;
            }
        }
    }

    /** Whether {@link #admits} would find a token. */
    public boolean hasToken(IpAddress source, long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        long now = nowNanos - startNanos;
        return TokenBucket.fullAtNanos(fullAtNanos.get(bucket(source)), intervalNanos, now) - now <= burstNanos;
    }

    private int bucket(IpAddress source) {
        return (int) (hash(SourcePrefix.number(source)) >>> 48);
    }

    private long hash(long prefix) {
        return mix(mix(prefix ^ key) + key);
    }

    /** A bijection in which every bit of the argument changes half of the bits (the finaliser of MurmurHash3). */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
