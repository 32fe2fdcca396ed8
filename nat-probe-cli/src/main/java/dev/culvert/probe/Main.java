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
                .setParameterExceptionHandler((e, given) -> usage(e))
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler((e, command, parsed) -> exitOf(e, command))
                .execute(args);
    }

    private static int usage(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String wrong = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
        e.getCommandLine().getErr().println("nat-probe: " + wrong + "; see " + command + " --help");
        return ExitCode.USAGE;
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
        if (command.getParseResult().hasMatchedOption("-v")) {
            throw e;
        }
        command.getErr()
                .println("nat-probe: a fault of this program: " + e + "; please report it with what -v prints besides");
        return ExitCode.ERROR;
    }
}
