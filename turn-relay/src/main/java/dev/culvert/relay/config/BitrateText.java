package dev.culvert.relay.config;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Shape;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bitrate as it is written: {@code 8Mbit}, {@code 500kbit}, {@code 1.5Gbit}, each also with {@code /s}, or {@code off}. */
final class BitrateText {
    static final Shape SHAPE = new Shape.Text("off|[0-9]{1,9}(\\.[0-9]{1,9})?[kKmMgG][bB][iI][tT](/[sS])?");

    private static final Pattern RATE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(k|m|g)bit(?:/s)?");
    private static final Map<String, Long> BITS = Map.of("k", 1_000L, "m", 1_000_000L, "g", 1_000_000_000L);
    private static final String EXAMPLES = "write bits per second, for example 500kbit, 8Mbit or 1Gbit, or off";

    private static final BigDecimal LEAST = BigDecimal.valueOf(8_000);
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);

    private BitrateText() {}

    static OptionalLong parse(String text) throws InvalidValueException {
        if (text.equals(Setting.OFF)) {
            return OptionalLong.empty();
        }
        Matcher rate = RATE.matcher(text.toLowerCase(Locale.ROOT));
        if (!rate.matches()) {
            boolean isNumber = text.matches("[0-9]+(\\.[0-9]+)?");
            throw new InvalidValueException(isNumber ? "the unit is missing" : "not a bitrate", EXAMPLES);
        }
        BigDecimal unit = BigDecimal.valueOf(BITS.getOrDefault(rate.group(2), 1L));
        BigDecimal bitsPerSecond = new BigDecimal(rate.group(1)).multiply(unit);
        if (bitsPerSecond.compareTo(LEAST) < 0 || bitsPerSecond.compareTo(MOST) > 0) {
            throw new InvalidValueException("out of range", "write 8kbit to 1000Gbit, or off");
        }
        return OptionalLong.of(bitsPerSecond.longValue());
    }
}
