package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.MappingFailure;
import java.util.List;
import java.util.stream.Collectors;

/** Why the router did not do what it was asked; the message is one line for people and says what mends it. */
public final class PortMappingException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<MappingFailure> failures;

    /**
     * The failures in words.
     *
     * @param asked what the router did not do, for example {@code map UDP port 5000}
     * @param failures one for each protocol, the best first
     */
    PortMappingException(String asked, List<MappingFailure> failures) {
        super("the router did not " + asked + ": "
                + failures.stream().map(MappingFailure::text).collect(Collectors.joining("; ")));
        this.failures = List.copyOf(failures);
    }

    /** What went wrong, for programs. */
    public List<MappingFailure> failures() {
        return failures;
    }
}
