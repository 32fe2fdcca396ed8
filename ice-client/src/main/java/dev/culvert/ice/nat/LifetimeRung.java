package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One mapping that was left idle, and whether it lived.
 *
 * @param ladder what it had carried before
 * @param idle for how long nothing passed
 * @param outcome whether it lived
 * @param mapped where the server saw it; empty where it never did
 * @param checks how many bursts asked for its state; more than one where packets are lost
 * @param confidence 0–1, how sure it is that an outcome of {@code EXPIRED} is no loss; 1 for {@code ALIVE}, else 0
 * @param why the outcome in words; empty where it speaks for itself
 */
public record LifetimeRung(
        Ladder ladder,
        Duration idle,
        Outcome outcome,
        Optional<TransportAddress> mapped,
        int checks,
        double confidence,
        String why) {
    /** What became of a mapping. */
    public enum Outcome {
        ALIVE("alive"),
        EXPIRED("expired"),
        /** Nothing is proven. */
        UNSURE("unsure"),
        /** Shorter rungs had told enough. */
        SKIPPED("skipped");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }
}
