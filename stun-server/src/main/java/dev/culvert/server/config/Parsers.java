package dev.culvert.server.config;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the values of settings are written. */
public final class Parsers {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Duration LONGEST = Duration.ofDays(365);

    private Parsers() {}

    /** {@code true} or {@code false}. */
    public static boolean flag(String text) throws InvalidValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("neither true nor false", "write true or false");
        };
    }

    /** A file's name. */
    public static String file(String text) throws InvalidValueException {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new InvalidValueException("not a file name", "name a readable file");
        }
        return text;
    }

    /** A decimal number from {@code min} to {@code max}. */
    public static Setting.Parser<Integer> number(int min, int max) {
        String range = "write a number from " + min + " to " + max;
        return Setting.Parser.of(new Shape.Whole(min, max), text -> {
            if (!text.matches("-?[0-9]+")) {
                throw new InvalidValueException("not a whole number", range);
            }
            BigInteger number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
                throw new InvalidValueException("out of range", range);
            }
            return number.intValueExact();
        });
    }

    /** A number with a unit, for example {@code 500ms}, {@code 30s}, {@code 10m}, {@code 1h}; at most a year. */
    public static Setting.Parser<Duration> duration(Duration min) {
        return Setting.Parser.of(new Shape.Text(DURATION.pattern()), text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                String unit = text.matches("[0-9]+") ? "the unit is missing" : "not a duration";
                throw new InvalidValueException(unit, "write a number and ms, s, m, h or d, for example 30s");
            }
            Duration duration = of(Long.parseLong(matcher.group(1)), matcher.group(2));
            if (duration.compareTo(min) < 0 || duration.compareTo(LONGEST) > 0) {
                throw new InvalidValueException("out of range", "write " + shortText(min) + " to 365d");
            }
            return duration;
        });
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String shortText(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    /** A constant of an enum, written in lower case. */
    public static <E extends Enum<E>> Setting.Parser<E> oneOf(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return Setting.Parser.of(new Shape.OneOf(names), text -> {
            int index = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (index < 0) {
                throw new InvalidValueException("not known", "write one of " + String.join(", ", names));
            }
            return type.getEnumConstants()[index];
        });
    }

    /** An IP address literal. */
    public static IpAddress address(String text) throws InvalidValueException {
        return IpAddress.parse(text)
                .orElseThrow(() -> new InvalidValueException(
                        "not an IP address", "write one such as 203.0.113.5 or 2001:db8::5; names are not looked up"));
    }

    /** The shape of {@link #endpointOrOff}. */
    static final Shape ENDPOINT_OR_OFF = new Shape.Text("off|.+:[0-9]{1,5}");

    /** {@code ADDR:PORT}, or {@code off}. */
    public static Optional<TransportAddress> endpointOrOff(String text) throws InvalidValueException {
        if (text.equals(Setting.OFF)) {
            return Optional.empty();
        }
        return Optional.of(TransportAddress.parse(text)
                .orElseThrow(() -> new InvalidValueException(
                        "not ADDR:PORT", "write for example 127.0.0.1:9642, [::1]:9642 or off")));
    }
}
