package dev.culvert.ice.nat;

import java.time.Duration;
import java.util.Optional;

/**
 * How often a packet has to go out so that a mapping stays.
 *
 * @param interval safe from the first packet on; empty where no lifetime is known
 * @param inStreams safe once traffic has gone both ways; empty where that is not known
 * @param ice the Tr for ICE (RFC 8445 §11), 15 seconds or more; empty where none is known to be safe
 * @param why how these follow, in words
 */
public record KeepaliveAdvice(
        Optional<Duration> interval, Optional<Duration> inStreams, Optional<Duration> ice, String why) {
    // RFC 8445 §11: Tr should be 15 seconds and must not be smaller.
    private static final Duration LEAST_TR = Duration.ofSeconds(15);

    /** What follows from these lifetimes. */
    public static KeepaliveAdvice of(LifetimeInterval fresh, LifetimeInterval stream) {
        LifetimeInterval ofIce = stream.isKnown() ? stream : fresh;
        Optional<Duration> ice = iceInterval(ofIce);
        boolean goneAtOnce = isGoneAtOnce(fresh) || isGoneAtOnce(stream);
        Optional<Duration> interval = goneAtOnce
                ? Optional.empty()
                : shorter(fresh.atLeast(), stream.atLeast()).map(KeepaliveAdvice::half);
        return new KeepaliveAdvice(
                interval,
                stream.atLeast().map(KeepaliveAdvice::half),
                ice,
                intervalText(interval.isPresent(), goneAtOnce) + "; " + iceText(ofIce, ice));
    }

    private static String intervalText(boolean isKnown, boolean goneAtOnce) {
        if (isKnown) {
            return "half of the idle time after which a mapping was alive, so that one lost keepalive does no harm";
        }
        return goneAtOnce
                ? "a mapping was gone after the shortest idle time that was tried: try shorter rungs"
                : "no lifetime is known";
    }

    private static boolean isGoneAtOnce(LifetimeInterval interval) {
        return interval.atLeast().isEmpty() && interval.lessThan().isPresent();
    }

    private static Optional<Duration> shorter(Optional<Duration> a, Optional<Duration> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return a.get().compareTo(b.get()) <= 0 ? a : b;
    }

    private static Duration half(Duration idle) {
        Duration half = idle.dividedBy(2);
        return half.toSeconds() > 0 ? Duration.ofSeconds(half.toSeconds()) : half;
    }

    /** ICE keeps alive what its checks have made a stream. */
    private static Optional<Duration> iceInterval(LifetimeInterval interval) {
        return interval.atLeast()
                .filter(idle -> idle.compareTo(LEAST_TR) >= 0)
                .map(idle -> half(idle).compareTo(LEAST_TR) > 0 ? half(idle) : LEAST_TR);
    }

    private static String iceText(LifetimeInterval interval, Optional<Duration> ice) {
        if (ice.isPresent()) {
            boolean margin = interval.atLeast()
                    .filter(idle -> half(idle).compareTo(LEAST_TR) >= 0)
                    .isPresent();
            return margin
                    ? "ICE's usual 15 s are safe, and more would do (RFC 8445 §11)"
                    : "ICE's 15 s, the least that RFC 8445 §11 allows, are just enough: a lost one is not made up for";
        }
        boolean dies = interval.lessThan()
                .filter(idle -> idle.compareTo(LEAST_TR) <= 0)
                .isPresent();
        return dies
                ? "ICE's 15 s, the least that RFC 8445 §11 allows, are too long for this NAT: let the application send"
                        + " something more often"
                : "whether ICE's 15 s (RFC 8445 §11) are safe is not known: try a rung of 30s";
    }
}
