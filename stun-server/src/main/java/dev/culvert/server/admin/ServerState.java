package dev.culvert.server.admin;

import java.util.List;
import java.util.Map;

/** What a running server tells about itself; asked on any thread. */
public interface ServerState {
    /**
     * What a number counts.
     *
     * @param name in lower case with underscores
     * @param meaning what is counted, in words
     * @param transport {@code udp}, {@code tcp}, {@code tls} or {@link #ALL_TRANSPORTS}
     */
    record Series(String name, String meaning, String transport) {
        /** For what is not counted by transport. */
        public static final String ALL_TRANSPORTS = "";
    }

    /** Whether new clients are served: false before the start, during a drain and after it. */
    boolean isReady();

    /** What it listens on, each as {@code udp 203.0.113.5:3478}. */
    List<String> listening();

    /** Everything counted since the start, 0 included. */
    Map<Series, Long> counters();

    /** What there is at this moment and may become less again. */
    default Map<Series, Long> levels() {
        return Map.of();
    }
}
