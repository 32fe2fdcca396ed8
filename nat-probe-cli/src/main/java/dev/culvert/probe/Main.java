package dev.culvert.probe;

import dev.culvert.ice.vertx.NetworkException;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The entry point of {@code nat-probe}. */
public final class Main {
    private Main() {}

    /** Held, since the log system forgets loggers that nobody holds. */
    private static final List<Logger> LIBRARIES = List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.vertx"));

    public static void main(String[] args) {
        // Their warnings are for those who run servers; what concerns the user is told by this program itself.
        LIBRARIES.forEach(logger -> logger.setLevel(Level.SEVERE));
        System.exit(run(new CommandLine(new NatProbe()), args));
    }

    /** Runs a command line and returns its exit code; whatever goes wrong is told in one line on stderr. */
    static int run(CommandLine commandLine, String... args) {
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> {
                    e.getCommandLine().getErr().println("nat-probe: " + e.getMessage() + "; see nat-probe --help");
                    return ExitCode.USAGE;
                })
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler((e, command, parsed) -> exitOf(e, command))
                .execute(args);
    }

    /** Refuses what stands before a command and would not reach it. */
    private static int execute(ParseResult parsed) {
        boolean misplaced = parsed.hasSubcommand()
                && !(parsed.matchedOptions().isEmpty()
                        && parsed.matchedPositionals().isEmpty());
        if (misplaced) {
            String command = parsed.subcommand().commandSpec().name();
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "what stands before " + command + " would not reach it; give options and servers after " + command);
        }
        return new RunLast().execute(parsed);
    }

    private static int exitOf(Exception e, CommandLine command) throws Exception {
        if (e instanceof UsageException || e instanceof NetworkException || e instanceof IOException) {
            command.getErr().println("nat-probe: " + e.getMessage());
            return e instanceof UsageException ? ExitCode.USAGE : ExitCode.ERROR;
        }
        throw e;
    }
}
