package dev.culvert.relay.auth;

import dev.culvert.server.config.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown where users that an operator wrote down cannot be taken: everything that is wrong with them, at once. */
public final class InvalidUsersException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidUsersException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the text; without passwords. */
    public List<Problem> problems() {
        return problems;
    }
}
