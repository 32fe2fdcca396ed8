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

    /** Buckets start at 0, so times count from here; any clock origin, even a negative one, will do. */
    private final long startNanos;

    private final long key;
    private volatile Rate rate = Rate.NONE;

    /**
     * How much each bucket gains and holds, as times.
     *
     * @param fullAtNanos the buckets; none without a limit
     * @param intervalNanos in which a bucket gains a token; 0 for no limit
     */
    private record Rate(AtomicLongArray fullAtNanos, long intervalNanos, long burstNanos) {
        static final Rate NONE = new Rate(new AtomicLongArray(0), 0, 0);
    }

    private SourceRateLimiter(long key, long startNanos) {
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
        SourceRateLimiter limiter = unlimited(key, nowNanos);
        limiter.limit(perSecond, burst);
        return limiter;
    }

    /** A limiter that admits everything until it is told a limit. */
    public static SourceRateLimiter unlimited(long key, long nowNanos) {
        return new SourceRateLimiter(key, nowNanos);
    }

    /** A limiter that admits everything. */
    public static SourceRateLimiter unlimited() {
        return unlimited(0, 0);
    }

    /** Goes on with another rate; what was taken stays taken. */
    public void limit(int perSecond, int burst) {
        if (perSecond < 1 || perSecond > NANOS_PER_SECOND || burst < 1) {
            throw new IllegalArgumentException("a rate is at least 1/s with burst 1, not " + perSecond + "/" + burst);
        }
        long intervalNanos = NANOS_PER_SECOND / perSecond;
        AtomicLongArray before = rate.fullAtNanos;
        AtomicLongArray buckets = before.length() == 0 ? new AtomicLongArray(BUCKETS) : before;
        rate = new Rate(buckets, intervalNanos, intervalNanos * burst);
    }

    /** Admits everything from now on. */
    public void unlimit() {
        rate = Rate.NONE;
    }

    /** Takes a token of the prefix of {@code source}; false where there is none. */
    public boolean admits(IpAddress source, long nowNanos) {
        Rate now = rate;
        return now.intervalNanos == 0 || admits(now, source, nowNanos - startNanos);
    }

    private boolean admits(Rate rate, IpAddress source, long now) {
        AtomicLongArray fullAtNanos = rate.fullAtNanos;
        int bucket = bucket(source);
        while (true) {
            long fullAt = fullAtNanos.get(bucket);
            long next = TokenBucket.fullAtNanos(fullAt, rate.intervalNanos, now);
            if (next - now > rate.burstNanos) {
                return false;
            }
            if (fullAtNanos.compareAndSet(bucket, fullAt, next)) {
                return true;
            }
        }
    }

    /** Whether {@link #admits} would find a token. */
    public boolean hasToken(IpAddress source, long nowNanos) {
        Rate limit = rate;
        if (limit.intervalNanos == 0) {
            return true;
        }
        long now = nowNanos - startNanos;
        long fullAt = limit.fullAtNanos.get(bucket(source));
        return TokenBucket.fullAtNanos(fullAt, limit.intervalNanos, now) - now <= limit.burstNanos;
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
