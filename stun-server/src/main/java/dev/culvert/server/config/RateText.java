package dev.culvert.server.config;

import dev.culvert.server.config.ServerConfig.RateLimit;
import java.util.List;
import java.util.Optional;

/** A rate as it is written: {@code 50/s}, {@code 50}, or {@code off}. */
final class RateText {
    private static final int MAX_PER_SECOND = 1_000_000_000;
    private static final int BURST_SECONDS = 2;

    static final Shape SHAPE =
            new Shape.Either(List.of(new Shape.Text("off|[0-9]{1,10}(/s)?"), new Shape.Whole(1, MAX_PER_SECOND)));

    private RateText() {}

    static Optional<RateLimit> parse(String text) throws InvalidValueException {
        if (text.equals(Setting.OFF)) {
            return Optional.empty();
        }
        String number = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
        if (!number.matches("[0-9]{1,10}")) {
            throw new InvalidValueException("not a rate", "write answers per second, for example 50/s, or off");
        }
        long perSecond = Long.parseLong(number);
        if (perSecond < 1 || perSecond > MAX_PER_SECOND) {
            throw new InvalidValueException("out of range", "write 1/s to " + MAX_PER_SECOND + "/s, or off");
        }
        return Optional.of(new RateLimit((int) perSecond, (int) perSecond * BURST_SECONDS));
    }
}
