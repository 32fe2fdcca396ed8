package dev.culvert.relay.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Where programs run: on this machine, or on a host of a laboratory ({@code labHost::start}). */
@FunctionalInterface
interface Launcher {
    Launcher HERE = (log, command) -> {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    };

    /** Starts {@code command}; what it writes on both of its outputs goes to {@code log}. */
    Process start(Path log, String... command);
}
