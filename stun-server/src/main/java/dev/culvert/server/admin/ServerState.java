package dev.culvert.server.admin;

import dev.culvert.server.core.Histogram;
import dev.culvert.server.io.ClientTrace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a running server tells about itself; asked on any thread. */
public interface ServerState {
    /**
     * What a number counts.
     *
     * @param name in lower case with underscores
     * @param meaning what is counted, in words; the same for all of one name
     * @param labels what tells those of one name apart, from small closed sets: never a user, never a client's address
     */
    record Series(String name, String meaning, Map<String, String> labels) {
        /** For what is not counted by transport. */
        public static final String ALL_TRANSPORTS = "";

        private static final String TRANSPORT = "transport";

        public Series {
            labels = Map.copyOf(labels);
        }

        /** What is told apart by {@code transport} at most: {@code udp}, {@code tcp}, {@code tls} or {@link #ALL_TRANSPORTS}. */
        public Series(String name, String meaning, String transport) {
            this(name, meaning, transport.equals(ALL_TRANSPORTS) ? Map.of() : Map.of(TRANSPORT, transport));
        }

        /** {@code udp}, {@code tcp}, {@code tls} or {@link #ALL_TRANSPORTS}. */
        public String transport() {
            return labels.getOrDefault(TRANSPORT, ALL_TRANSPORTS);
        }
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

    /** Writes the messages of chosen clients to the log; empty where a server cannot. */
    default Optional<ClientTrace> trace() {
        return Optional.empty();
    }

    /** How long things took since the start. */
    default Map<Series, Histogram> histograms() {
        return Map.of();
    }
}
