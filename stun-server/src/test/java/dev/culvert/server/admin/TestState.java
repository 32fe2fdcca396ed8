package dev.culvert.server.admin;

import dev.culvert.server.core.Counter;
import dev.culvert.server.core.Histogram;
import dev.culvert.server.io.ClientTrace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server that tells what it is told to tell. */
final class TestState implements ServerState {
    volatile boolean ready = true;
    volatile List<String> listening = List.of("udp 127.0.0.1:3478");
    final Map<Series, Long> counters = Stream.of(Counter.values())
            .collect(Collectors.toMap(TestState::series, counter -> 0L, (a, b) -> a, LinkedHashMap::new));
    final Map<Series, Long> levels = new LinkedHashMap<>();
    final Map<Series, Histogram> histograms = new LinkedHashMap<>();
    final ClientTrace trace = new ClientTrace();

    static Series series(Counter counter) {
        return new Series(counter.name().toLowerCase(Locale.ROOT), counter.meaning(), "udp");
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public List<String> listening() {
        return listening;
    }

    @Override
    public Map<Series, Long> counters() {
        return Map.copyOf(counters);
    }

    @Override
    public Map<Series, Long> levels() {
        return levels;
    }

    @Override
    public Map<Series, Histogram> histograms() {
        return histograms;
    }

    @Override
    public Optional<ClientTrace> trace() {
        return Optional.of(trace);
    }
}
