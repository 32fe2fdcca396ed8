package dev.culvert.server.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects problems in the order found, each once, so that an operator sees all of them at once. */
public final class Problems {
    private final Set<Problem> found = new LinkedHashSet<>();

    public Problems() {}

    /** Adds a problem. */
    public void add(Problem problem) {
        found.add(problem);
    }

    /** Adds several. */
    public void addAll(Collection<Problem> problems) {
        found.addAll(problems);
    }

    /** What was found so far. */
    public List<Problem> list() {
        return List.copyOf(found);
    }
}
