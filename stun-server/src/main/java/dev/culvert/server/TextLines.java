package dev.culvert.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** {@code 2026-01-01T00:00:00.000Z INFO  Logger: message: key=value key=value}, and the stack below where there is one. */
final class TextLines extends LayoutBase<ILoggingEvent> {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    @Override
    public String doLayout(ILoggingEvent event) {
        String message = oneLine(event.getFormattedMessage());
        if (event.getLoggerName().equals(Logging.ANNOUNCEMENTS)) {
            return message + System.lineSeparator();
        }
        StringBuilder line = new StringBuilder(160);
        line.append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(String.format("%-5s", event.getLevel()))
                .append(' ')
                .append(shortName(event.getLoggerName()))
                .append(": ")
                .append(message);
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null && !pairs.isEmpty()) {
            line.append(':');
            pairs.forEach(pair -> line.append(' ').append(oneLine(pair.key + "=" + text(pair.value))));
        }
        line.append(System.lineSeparator());
        IThrowableProxy thrown = event.getThrowableProxy();
        return thrown == null
                ? line.toString()
                : line.append(ThrowableProxyUtil.asString(thrown)).toString();
    }

    /**
     * A message may quote what came from the network: it must not begin a line of its own, move the cursor (U+009B does
     * so as ESC does) or turn the direction of what follows.
     */
    private static String oneLine(String message) {
        return UNPRINTABLE.matcher(message).replaceAll(" ");
    }

    private static String text(@Nullable Object value) {
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
