package dev.culvert.server;

import dev.culvert.server.config.Settings;
import dev.culvert.server.config.Values;
import java.util.List;
import java.util.function.Function;

/**
 * What tells one server program from another.
 *
 * @param name the command
 * @param description one sentence for the help
 * @param settings its options
 * @param binding makes the configuration, noting what is wrong with the values' problems
 * @param service runs until it is stopped
 * @param commands those that it has beside the ones of every server program
 */
public record ServerProgram<C>(
        String name,
        String description,
        Settings settings,
        Function<Values, C> binding,
        Service<C> service,
        List<ProgramCommand> commands) {
    public ServerProgram {
        commands = List.copyOf(commands);
    }

    /** A program without commands of its own. */
    public ServerProgram(
            String name, String description, Settings settings, Function<Values, C> binding, Service<C> service) {
        this(name, description, settings, binding, service, List.of());
    }

    /** Runs a server. */
    @FunctionalInterface
    public interface Service<C> {
        /** Runs with this configuration, which is sound, until stopped; returns the exit code. */
        int run(Configuration<C> configuration);
    }
}
