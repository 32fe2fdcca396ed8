package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.MappingFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        super("the router did not " + asked + ": " + textOf(failures));
        this.failures = List.copyOf(failures);
    }

    /** Protocols that fail alike are told together. */
    private static String textOf(List<MappingFailure> failures) {
        Map<String, List<String>> protocols = new LinkedHashMap<>();
        failures.forEach(failure -> protocols
                .computeIfAbsent(failure.reason(), fresh -> new ArrayList<>())
                .add(failure.via().text()));
        return protocols.entrySet().stream()
                .map(each -> String.join(", ", each.getValue()) + ": " + each.getKey())
                .collect(Collectors.joining("; "));
    }

    /** What went wrong, for programs. */
    public List<MappingFailure> failures() {
        return failures;
    }
}
