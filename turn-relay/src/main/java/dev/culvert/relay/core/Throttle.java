package dev.culvert.relay.core;

import dev.culvert.server.core.Counters;
import dev.culvert.server.core.TokenBucket;

/** What the allocations of all event loops relay together, and the {@link Bitrates} of the moment. Used by any thread. */
final class Throttle {
    private final TokenBucket all = new TokenBucket();
    private volatile Limits limits = Limits.of(Bitrates.UNLIMITED);

    private record Limits(boolean areAny, Bitrate perAllocation, Bitrate perUser, Bitrate inAll) {
        static Limits of(Bitrates rates) {
            return new Limits(
                    !rates.equals(Bitrates.UNLIMITED),
                    Bitrate.of(rates.perAllocation()),
                    Bitrate.of(rates.perUser()),
                    Bitrate.of(rates.inAll()));
        }
    }

    void limit(Bitrates rates) {
        limits = Limits.of(rates);
    }

    /** The share of one allocation, whose user has {@code user}. */
    Share share(TokenBucket user) {
        return new Share(this, user);
    }

    /** What one allocation may relay. */
    static final class Share {
        private final Throttle throttle;
        private final TokenBucket user;
        private final TokenBucket own = new TokenBucket();

        private Share(Throttle throttle, TokenBucket user) {
            this.throttle = throttle;
            this.user = user;
        }

        /** Whether a packet may pass; what is over a limit is counted as that, and uses up no other. Allocates nothing. */
        boolean admits(int lengthBytes, long nowNanos, Counters<RelayCounter> counters) {
            Limits limits = throttle.limits;
            return !limits.areAny || admits(limits, lengthBytes, nowNanos, counters);
        }

        private boolean admits(Limits limits, int lengthBytes, long nowNanos, Counters<RelayCounter> counters) {
            if (!limits.perAllocation.take(own, lengthBytes, nowNanos)) {
                counters.increment(RelayCounter.OVER_ALLOCATION_BITRATE);
                return false;
            }
            if (!limits.perUser.take(user, lengthBytes, nowNanos)) {
                limits.perAllocation.putBack(own, lengthBytes);
                counters.increment(RelayCounter.OVER_USER_BITRATE);
                return false;
            }
            if (!limits.inAll.take(throttle.all, lengthBytes, nowNanos)) {
                limits.perAllocation.putBack(own, lengthBytes);
                limits.perUser.putBack(user, lengthBytes);
                counters.increment(RelayCounter.OVER_SERVER_BITRATE);
                return false;
            }
            return true;
        }
    }
}
