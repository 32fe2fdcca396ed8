package dev.culvert.server.core;

import static dev.culvert.server.core.ServerUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ReceiptRequest;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -SECOND, 0, Long.MAX_VALUE - SECOND / 2})
    void burstPassesAtOnceAndThenTheRateWhereverTheClockBegan(long startNanos) {
        SourceRateLimiter limiter = SourceRateLimiter.of(50, 100, 7, startNanos);

        assertThat(admitted(limiter, "198.51.100.7", 1000, startNanos)).isEqualTo(100);
        assertThat(admitted(limiter, "198.51.100.7", 1000, startNanos + SECOND)).isEqualTo(50);
        assertThat(admitted(limiter, "198.51.100.7", 1000, startNanos + 60 * SECOND))
                .isEqualTo(100);
    }

    @Test
    void prefixSharesItsTokensAndOthersHaveTheirOwn() {
        SourceRateLimiter limiter = SourceRateLimiter.of(50, 10, 7, 0);

        assertThat(admitted(limiter, "198.51.100.7", 8, 0)).isEqualTo(8);
        assertThat(admitted(limiter, "198.51.100.200", 8, 0)).isEqualTo(2);
        assertThat(admitted(limiter, "198.51.101.7", 8, 0)).isEqualTo(8);
        assertThat(admitted(limiter, "2001:db8:0:100::1", 8, 0)).isEqualTo(8);
        assertThat(admitted(limiter, "2001:db8:0:1ff:ffff::1", 8, 0)).isEqualTo(2);
        assertThat(admitted(limiter, "2001:db8:0:200::1", 8, 0)).isEqualTo(8);
    }

    @Test
    void lookingForATokenTakesNone() {
        SourceRateLimiter limiter = SourceRateLimiter.of(50, 1, 7, 0);
        IpAddress source = IpAddress.v4(0xC633_6407);

        assertThat(limiter.hasToken(source, 0)).isTrue();
        assertThat(limiter.hasToken(source, 0)).isTrue();
        assertThat(limiter.admits(source, 0)).isTrue();
        assertThat(limiter.hasToken(source, 0)).isFalse();
        assertThat(limiter.hasToken(source, SECOND / 50)).isTrue();
        assertThat(SourceRateLimiter.unlimited().hasToken(source, 0)).isTrue();
    }

    @Test
    void aRateThatChangesHoldsFromTheNextRequestOnAndForgetsNothing() {
        SourceRateLimiter limiter = SourceRateLimiter.unlimited(7, 0);
        assertThat(admitted(limiter, "198.51.100.7", 1000, 0)).isEqualTo(1000);

        limiter.limit(50, 100);
        assertThat(admitted(limiter, "198.51.100.7", 1000, 0)).isEqualTo(100);
        limiter.limit(10, 20);
        assertThat(admitted(limiter, "198.51.100.7", 1000, 0)).isZero();
        assertThat(admitted(limiter, "198.51.100.7", 1000, SECOND)).isEqualTo(10);
        limiter.limit(50, 100);
        assertThat(admitted(limiter, "198.51.101.7", 1000, SECOND)).isEqualTo(100);
        limiter.unlimit();
        assertThat(admitted(limiter, "198.51.101.7", 1000, SECOND)).isEqualTo(1000);
    }

    @Test
    void whoSharesABucketDependsOnTheKey() {
        assertThat(admittedPrefixes(1)).isNotEqualTo(admittedPrefixes(2));
    }

    /** Which of many prefixes, one token each, find their bucket untouched. */
    private static BitSet admittedPrefixes(long key) {
        SourceRateLimiter limiter = SourceRateLimiter.of(1, 1, key, 0);
        BitSet admitted = new BitSet();
        for (int prefix = 0; prefix < 20_000; prefix++) {
            admitted.set(prefix, limiter.admits(IpAddress.v4(prefix << 8), 0));
        }
        // Random throws of 20,000 balls into 65,536 urns leave about 17,250 urns hit.
        assertThat(admitted.cardinality()).isBetween(16_900, 17_600);
        return admitted;
    }

    @Test
    void unlimitedAdmitsEverything() {
        assertThat(admitted(SourceRateLimiter.unlimited(), "198.51.100.7", 100_000, 5))
                .isEqualTo(100_000);
    }

    @Test
    void answersToOnePrefixStayUnderFivePercentOfItsBytes() {
        ServerUnderTest server = ServerUnderTest.withRate(50, 100);
        byte[] plain = request();
        byte[] greedy = request(new ChangeRequest(true, true), new ReceiptRequest(100));
        Random random = new Random(1);
        // 10,000 requests per second for a minute.
        for (int i = 0; i < 600_000; i++) {
            server.from("198.51.100." + random.nextInt(256) + ":" + (1024 + random.nextInt(60_000)));
            server.whenClientSends(i % 2 == 0 ? plain : greedy);
            server.pass(100_000);
        }

        double in = server.counters.value(Counter.BINDING_REQUEST_BYTES);
        double out = server.counters.value(Counter.BINDING_ANSWER_BYTES);
        assertThat(out / in).isLessThanOrEqualTo(0.05);
        assertThat(server.counters.value(Counter.RATE_LIMITED)).isGreaterThan(590_000);
    }

    private static int admitted(SourceRateLimiter limiter, String source, int times, long nowNanos) {
        IpAddress ip = IpAddress.parse(source).orElseThrow();
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += limiter.admits(ip, nowNanos) ? 1 : 0;
        }
        return admitted;
    }
}
