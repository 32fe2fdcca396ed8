package dev.culvert.relay.deploy;

import dev.culvert.relay.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files that a container has below {@value #CONFIG}, in a folder that stands for its root. */
final class ContainerRoot {
    static final String CONFIG = "/etc/culvert/";

    private final Path folder;

    ContainerRoot(Path folder) {
        this.folder = folder;
    }

    /** Puts {@code text} at {@code path}; the files that it names are those of the container. */
    void put(String path, String text) throws IOException {
        Path file = Path.of(inside(path));
        Files.createDirectories(file.getParent());
        Files.writeString(file, inside(text));
    }

    private String inside(String text) {
        return text.replace(CONFIG, folder + CONFIG);
    }

    /** What turn-relay makes of these arguments and variables in the container. */
    Invocation run(Map<String, String> environment, List<String> arguments) {
        return Invocation.with(environment, arguments.stream().map(this::inside).toArray(String[]::new));
    }
}
