package dev.culvert.server;

import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Values;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command that one server program has and others have not; it sees the settings of all layers. */
public interface ProgramCommand {
    /** The word that calls it. */
    String name();

    /** One sentence for the help. */
    String description();

    /** Which settings are its options too, beside {@code --config}; none has the name of one that it adds itself. */
    List<Setting<?>> settings();

    /** Adds its own options and arguments. */
    void define(CommandSpec spec);

    /**
     * Looks at what was given, noting what is wrong with the problems of {@code values}.
     *
     * @param parsed its own options and arguments, of which required ones may be missing: that is noted already
     * @param values the settings, as far as they are sound
     * @return what to do if nothing is wrong
     */
    Action bind(ParseResult parsed, Values values);

    /**
     * Whether what is wrong with the settings is told by its action, from {@link Values#problems}, instead of keeping
     * the action from being done. What is wrong with its own options and arguments keeps it from that in any case.
     */
    default boolean tellsProblems() {
        return false;
    }

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /** Does it, writing to {@code out}; returns the exit code. */
        int run(PrintWriter out);
    }
}
