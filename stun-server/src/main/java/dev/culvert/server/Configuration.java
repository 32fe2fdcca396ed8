package dev.culvert.server;

import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Values;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The configuration of a program: as it was read at the start, and how it is read again from the same places.
 *
 * @param <C> what a program is told
 */
public final class Configuration<C> {
    private final Layers layers;
    private final Optional<Path> file;
    private final Function<Values, C> binding;
    private final Reading<C> first;

    /** Reads all layers, defaults, file, environment and command line, as they are at this moment. */
    @FunctionalInterface
    interface Layers {
        Values read(Problems problems);
    }

    /**
     * Reads for the first time.
     *
     * @param file the configuration file, which is one of the layers; empty for none
     * @param binding makes the configuration, noting what is wrong with the values' problems
     * @param problems where all that is wrong is noted; then this configuration is not to be run with
     */
    Configuration(Layers layers, Optional<Path> file, Function<Values, C> binding, Problems problems) {
        this.layers = layers;
        this.file = file;
        this.binding = binding;
        this.first = read(problems);
    }

    /** As it was at the start. */
    public C config() {
        return first.config();
    }

    Reading<C> first() {
        return first;
    }

    /** Reads everything again. */
    Reading<C> read() {
        return read(new Problems());
    }

    private Reading<C> read(Problems problems) {
        FileStates states = new FileStates();
        file.ifPresent(states::look);
        Values values = layers.read(problems);
        values.settings().all().forEach(setting -> states.look(setting, values));
        C config = binding.apply(values);
        return new Reading<>(values, config, states, problems.list());
    }

    /** What {@code read} says of all that may change while the server runs, and {@code before} of the rest. */
    Reading<C> liveOver(Reading<C> read, Reading<C> before) {
        Problems problems = new Problems();
        Values values = read.values().liveOver(before.values(), problems);
        C config = binding.apply(values);
        return new Reading<>(values, config, read.files().liveOver(before.files(), values.settings()), problems.list());
    }
}
