package dev.culvert.server;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What came of one command line.
 *
 * @param served the configuration that the server would have run with, empty if it was not started
 */
public record Invocation(int exitCode, String out, String err, Optional<ServerConfig> served) {
    public static Invocation of(String... arguments) {
        return with(Map.of(), arguments);
    }

    public static Invocation with(Map<String, String> environment, String... arguments) {
        AtomicReference<Optional<ServerConfig>> served = new AtomicReference<>(Optional.empty());
        ServerProgram<ServerConfig> program =
                new ServerProgram<>("stun-server", "Test.", ServerSettings.ALL, ServerSettings::bind, configuration -> {
                    served.set(Optional.of(configuration.config()));
                    return 0;
                });
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ServerCommand<ServerConfig> command = new ServerCommand<>(program, environment);
        command.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(arguments);
        return new Invocation(exitCode, out.toString(), err.toString(), served.get());
    }

    public ServerConfig config() {
        return served.orElseThrow(() -> new AssertionError("not started: " + err));
    }

    public List<String> errors() {
        return err.lines().toList();
    }
}
