package dev.culvert.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown where settings that a program gave cannot be served: everything that is wrong with them, at once. */
public final class InvalidConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong; without secrets. */
    public List<Problem> problems() {
        return problems;
    }
}
