package dev.culvert.server.log;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Says of which kind a log line is, for {@link RepeatFilter}: lines of one logger and message with equal kinds are repeats of
 * each other. Without one, lines of level WARN and above with the same message are.
 */
public final class LineKind {
    private static final String PREFIX = "kind:";

    private LineKind() {}

    /** The kind that {@code parts} make; never shown. */
    public static Marker of(String... parts) {
        return MarkerFactory.getDetachedMarker(PREFIX + String.join("\n", parts));
    }

    static boolean isKind(Marker marker) {
        return marker.getName().startsWith(PREFIX);
    }
}
