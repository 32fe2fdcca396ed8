package dev.culvert.ice.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A username that says when its credential expires: {@code EXPIRY} or {@code EXPIRY:ID}, in seconds since 1970, as
 * servers with a shared secret take it.
 *
 * @param expiry when it is over
 */
public record TimeLimitedCredential(Instant expiry) {
    /** Ten digits are the years 2001 to 2286; a telephone number is no likely username with a colon behind. */
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{9})(?::.*)?");

    /** The one in {@code username}; empty where that does not look like one. */
    public static Optional<TimeLimitedCredential> in(String username) {
        Matcher matcher = FORM.matcher(username);
        return matcher.matches()
                ? Optional.of(new TimeLimitedCredential(Instant.ofEpochSecond(Long.parseLong(matcher.group(1)))))
                : Optional.empty();
    }

    /** What may be wrong with it, where the server has refused it at {@code now} by the clock of this host. */
    public String whyRefused(Instant now) {
        Duration left = Duration.between(now, expiry);
        if (left.isNegative()) {
            return "the credential expired " + text(left.negated()) + " ago (" + expiry
                    + ", by this host's clock); get a" + " fresh one, or set the clock of the host that made it";
        }
        return "by this host's clock the credential is good for another " + text(left) + " (until " + expiry
                + "); the shared secret differs from the server's, or the server's clock is ahead by that much";
    }

    /** What to warn of, though the server has taken it. */
    public Optional<String> warning(Instant now) {
        Duration left = Duration.between(now, expiry);
        return left.isNegative()
                ? Optional.of("the server takes a credential that expired " + text(left.negated())
                        + " ago by this host's clock; one of the two clocks is wrong")
                : Optional.empty();
    }

    private static String text(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return time.toSeconds() + " s";
        }
        if (time.compareTo(Duration.ofHours(3)) < 0) {
            return time.toMinutes() + " min";
        }
        return time.compareTo(Duration.ofDays(3)) < 0 ? time.toHours() + " h" : time.toDays() + " days";
    }
}
