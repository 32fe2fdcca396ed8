package dev.culvert.relay;

import dev.culvert.relay.config.RelayConfig;
import dev.culvert.server.ServerCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What came of one command line.
 *
 * @param served the configuration that the server would have run with, empty if it was not started
 */
public record Invocation(int exitCode, String out, String err, Optional<RelayConfig> served) {
    /** What the clock says. */
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    public static Invocation of(String... arguments) {
        return with(Map.of(), arguments);
    }

    /** The same with these variables. */
    public static Invocation with(Map<String, String> environment, String... arguments) {
        AtomicReference<Optional<RelayConfig>> served = new AtomicReference<>(Optional.empty());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ServerCommand<RelayConfig> command = new ServerCommand<>(
                Main.program(
                        configuration -> {
                            served.set(Optional.of(configuration.config()));
                            return 0;
                        },
                        InstantSource.fixed(NOW)),
                environment);
        command.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(arguments);
        return new Invocation(exitCode, out.toString(), err.toString(), served.get());
    }

    /** What the server would have run with. */
    public RelayConfig config() {
        return served.orElseThrow(() -> new AssertionError("not started: " + err));
    }

    public List<String> errors() {
        return err.lines().toList();
    }
}
