package dev.culvert.relay.config;

import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Shape;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a file may be, as it is written: {@code 100MiB}, {@code 4GiB}, or {@code off}. */
final class ByteSizeText {
    static final Shape SHAPE = new Shape.Text("[0-9]{1,7}[MmGg][Ii][Bb]");
    static final Shape SHAPE_OR_OFF = new Shape.Text("off|[0-9]{1,7}[MmGg][Ii][Bb]");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,7})(mib|gib)");
    private static final Map<String, Integer> SHIFTS = Map.of("mib", 20, "gib", 30);
    private static final long LEAST = 1 << 20;

    private ByteSizeText() {}

    /** A size; never empty. */
    static OptionalLong parse(String text) throws InvalidValueException {
        Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            boolean isNumber = text.matches("[0-9]+");
            throw new InvalidValueException(
                    isNumber ? "the unit is missing" : "not a size", "write for example 100MiB or 4GiB");
        }
        long bytes = Long.parseLong(size.group(1)) << SHIFTS.getOrDefault(size.group(2), 0);
        if (bytes < LEAST) {
            throw new InvalidValueException("too small", "write 1MiB or more");
        }
        return OptionalLong.of(bytes);
    }

    /** A size, or empty for {@code off}. */
    static OptionalLong parseOrOff(String text) throws InvalidValueException {
        return text.equals(Setting.OFF) ? OptionalLong.empty() : parse(text);
    }
}
