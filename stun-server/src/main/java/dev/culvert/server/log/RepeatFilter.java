package dev.culvert.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes the first lines of each kind in a minute, and of the others how many there were. So whoever makes a server complain
 * fills no disk, and hides nothing but repeats. Used by any thread.
 */
public final class RepeatFilter extends Filter<ILoggingEvent> {
    /** How many lines of one kind are written in one period. */
    public static final int MOST = 10;

    /** How long a period lasts, from the first line of a kind on. */
    public static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How many kinds are remembered; the one that began first makes room. */
    static final int MOST_KINDS = 4096;

    private static final Marker SUMMARY = MarkerFactory.getDetachedMarker("summary");

    private final LongSupplier nanoTime;

    /** Guarded by {@code this}; in the order in which they began. */
    private final Map<String, Repeats> kinds = new LinkedHashMap<>();

    /** Guarded by {@code this}. What is to be told: while a line is filtered, no other can be written. */
    private final List<Repeats> over = new ArrayList<>();

    private static final class Repeats {
        final long beganNanos;
        int lines;
        long held;

        @Nullable
        ILoggingEvent last;

        Repeats(long beganNanos) {
            this.beganNanos = beganNanos;
        }
    }

    /** @param nanoTime as {@link System#nanoTime} counts */
    public RepeatFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        Optional<String> kind = kind(event);
        if (kind.isEmpty()) {
            return FilterReply.NEUTRAL;
        }
        return admits(kind.get(), event) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static Optional<String> kind(ILoggingEvent event) {
        List<Marker> markers = Objects.requireNonNullElse(event.getMarkerList(), List.of());
        if (markers.contains(SUMMARY)) {
            return Optional.empty();
        }
        String line = event.getLoggerName() + "\n" + event.getMessage();
        Optional<String> said = markers.stream()
                .filter(LineKind::isKind)
                .map(marker -> line + "\n" + marker.getName())
                .findFirst();
        return said.isPresent() || !event.getLevel().isGreaterOrEqual(Level.WARN) ? said : Optional.of(line);
    }

    private synchronized boolean admits(String kind, ILoggingEvent event) {
        long now = nanoTime.getAsLong();
        Repeats known = kinds.get(kind);
        if (known != null && now - known.beganNanos >= PERIOD_NANOS) {
            kinds.remove(kind);
            end(known);
            known = null;
        }
        if (known == null) {
            makeRoom();
            known = new Repeats(now);
            kinds.put(kind, known);
        }
        if (known.lines < MOST) {
            known.lines++;
            return true;
        }
        known.held++;
        known.last = event;
        return false;
    }

    private void makeRoom() {
        if (kinds.size() < MOST_KINDS) {
            return;
        }
        Iterator<Repeats> oldest = kinds.values().iterator();
        end(oldest.next());
        oldest.remove();
    }

    private void end(Repeats repeats) {
        if (repeats.held > 0 && over.size() < MOST_KINDS) {
            over.add(repeats);
        }
    }

    /** Tells of what was held back in periods that are over; for a timer. */
    public void sweep() {
        List<Repeats> told;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Iterator<Repeats> oldestFirst = kinds.values().iterator();
            while (oldestFirst.hasNext()) {
                Repeats next = oldestFirst.next();
                if (now - next.beganNanos < PERIOD_NANOS) {
                    break;
                }
                oldestFirst.remove();
                end(next);
            }
            told = List.copyOf(over);
            over.clear();
        }
        told.forEach(RepeatFilter::summarize);
    }

    private static void summarize(Repeats repeats) {
        ILoggingEvent last = repeats.last;
        if (last == null) {
            return;
        }
        LoggingEventBuilder line = LoggerFactory.getLogger(last.getLoggerName())
                .atLevel(org.slf4j.event.Level.intToLevel(Level.toLocationAwareLoggerInteger(last.getLevel())))
                .addMarker(SUMMARY);
        List<KeyValuePair> pairs = Objects.requireNonNullElse(last.getKeyValuePairs(), List.of());
        for (KeyValuePair pair : pairs) {
            line = line.addKeyValue(pair.key, pair.value);
        }
        line.addKeyValue("repeats", repeats.held)
                .log("{} … and {} more like this", last.getFormattedMessage(), repeats.held);
    }
}
