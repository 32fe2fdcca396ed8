package dev.culvert.ice.nat;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a mapping lives without traffic (RFC 4787 §4.3).
 *
 * @param ladder what it has carried before
 * @param atLeast the longest idle time after which it was alive; empty where none was
 * @param lessThan the shortest idle time above {@code atLeast} after which it was gone; empty where none was
 * @param confidence 0–1, how sure {@code lessThan} is; 0 where it is empty
 * @param why nothing is known; empty where something is
 */
public record LifetimeInterval(
        Ladder ladder, Optional<Duration> atLeast, Optional<Duration> lessThan, double confidence, String why) {
    /** Whether at least one end is known. */
    public boolean isKnown() {
        return atLeast.isPresent() || lessThan.isPresent();
    }
}
